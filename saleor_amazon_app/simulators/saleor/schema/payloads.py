"""What mutations answer."""

from dataclasses import field

import strawberry

from saleor_amazon_app.simulators.saleor.schema.basics import ObjectWithMetadata
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Fulfillment,
    Order,
    OrderEvent,
    TransactionEvent,
    TransactionItem,
)
from saleor_amazon_app.simulators.saleor.schema.people import User
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason
from saleor_amazon_app.simulators.saleor.schema.words import (
    AccountErrorCode,
    AddressTypeEnum,
    MetadataErrorCode,
    OrderBulkCreateErrorCode,
    OrderErrorCode,
    OrderNoteAddErrorCode,
    TransactionCreateErrorCode,
    TransactionEventReportErrorCode,
    TransactionUpdateErrorCode,
)


@strawberry.type
class OrderError:
    """Why an order mutation refused."""

    field: str | None
    message: str | None
    code: OrderErrorCode
    warehouse: strawberry.ID | None = None
    order_lines: list[strawberry.ID] | None = None
    variants: list[strawberry.ID] | None = None
    address_type: AddressTypeEnum | None = None


def order_error(reason: Reason) -> OrderError:
    """The reason as order mutations tell it."""
    return OrderError(
        field=reason.field,
        message=reason.message,
        code=OrderErrorCode[reason.code],
        warehouse=strawberry.ID(reason.warehouse) if reason.warehouse else None,
        order_lines=_ids(reason.order_lines),
        variants=_ids(reason.variants),
        address_type=AddressTypeEnum[reason.address_type] if reason.address_type else None,
    )


def _ids(values: tuple[str, ...] | None) -> list[strawberry.ID] | None:
    return None if values is None else [strawberry.ID(value) for value in values]


@strawberry.type
class OrderAnswer:
    """What every mutation on a single order answers."""

    order: Order | None = None
    errors: list[OrderError] = field(default_factory=list)

    @strawberry.field
    def order_errors(self) -> list[OrderError]:
        """The same errors by their older name."""
        return self.errors


@strawberry.type
class DraftOrderComplete(OrderAnswer):
    """Answer of `draftOrderComplete`."""


@strawberry.type
class DraftOrderDelete(OrderAnswer):
    """Answer of `draftOrderDelete`."""


@strawberry.type
class DraftOrderUpdate(OrderAnswer):
    """Answer of `draftOrderUpdate`."""


@strawberry.type
class OrderConfirm(OrderAnswer):
    """Answer of `orderConfirm`."""


@strawberry.type
class OrderCancel(OrderAnswer):
    """Answer of `orderCancel`."""


@strawberry.type
class OrderUpdate(OrderAnswer):
    """Answer of `orderUpdate`."""


@strawberry.type
class OrderFulfill(OrderAnswer):
    """Answer of `orderFulfill`."""

    fulfillments: list[Fulfillment] | None = None


@strawberry.type
class FulfillmentAnswer(OrderAnswer):
    """What every mutation on a single fulfilment answers."""

    fulfillment: Fulfillment | None = None


@strawberry.type
class FulfillmentApprove(FulfillmentAnswer):
    """Answer of `orderFulfillmentApprove`."""


@strawberry.type
class FulfillmentUpdateTracking(FulfillmentAnswer):
    """Answer of `orderFulfillmentUpdateTracking`."""


@strawberry.type
class FulfillmentCancel(FulfillmentAnswer):
    """Answer of `orderFulfillmentCancel`."""


@strawberry.type
class FulfillmentReturnProducts(OrderAnswer):
    """Answer of `orderFulfillmentReturnProducts`."""

    return_fulfillment: Fulfillment | None = None


@strawberry.type
class OrderBulkCreateError:
    """Why a row was refused, or what is odd about it; the path is in the host's snake case."""

    path: str | None
    message: str | None
    code: OrderBulkCreateErrorCode | None


@strawberry.type
class OrderBulkCreateResult:
    """What became of one row."""

    order: Order | None
    errors: list[OrderBulkCreateError] | None


@strawberry.type
class OrderBulkCreate:
    """Answer of `orderBulkCreate`."""

    count: int
    results: list[OrderBulkCreateResult]
    errors: list[OrderBulkCreateError]


@strawberry.type
class OrderNoteAddError:
    """Why a note was refused."""

    field: str | None
    message: str | None
    code: OrderNoteAddErrorCode | None


@strawberry.type
class OrderNoteAdd:
    """Answer of `orderNoteAdd`."""

    order: Order | None = None
    event: OrderEvent | None = None
    errors: list[OrderNoteAddError] = field(default_factory=list)


@strawberry.type
class TransactionCreateError:
    """Why a transaction was refused."""

    field: str | None
    message: str | None
    code: TransactionCreateErrorCode


@strawberry.type
class TransactionCreate:
    """Answer of `transactionCreate`."""

    transaction: TransactionItem | None = None
    errors: list[TransactionCreateError] = field(default_factory=list)


@strawberry.type
class TransactionUpdateError:
    """Why a change of a transaction was refused."""

    field: str | None
    message: str | None
    code: TransactionUpdateErrorCode


@strawberry.type
class TransactionUpdate:
    """Answer of `transactionUpdate`."""

    transaction: TransactionItem | None = None
    errors: list[TransactionUpdateError] = field(default_factory=list)


@strawberry.type
class TransactionEventReportError:
    """Why a report was refused."""

    field: str | None
    message: str | None
    code: TransactionEventReportErrorCode


@strawberry.type
class TransactionEventReport:
    """Answer of `transactionEventReport`."""

    already_processed: bool | None = None
    transaction: TransactionItem | None = None
    transaction_event: TransactionEvent | None = None
    errors: list[TransactionEventReportError] = field(default_factory=list)


@strawberry.type
class MetadataError:
    """Why metadata was refused."""

    field: str | None
    message: str | None
    code: MetadataErrorCode


@strawberry.type
class MetadataAnswer:
    """What both metadata mutations answer."""

    item: ObjectWithMetadata | None = None
    errors: list[MetadataError] = field(default_factory=list)


@strawberry.type
class UpdateMetadata(MetadataAnswer):
    """Answer of `updateMetadata`."""


@strawberry.type
class UpdatePrivateMetadata(MetadataAnswer):
    """Answer of `updatePrivateMetadata`."""


@strawberry.type
class AccountError:
    """Why a customer was refused."""

    field: str | None
    message: str | None
    code: AccountErrorCode


@strawberry.type
class CustomerCreate:
    """Answer of `customerCreate`."""

    user: User | None = None
    errors: list[AccountError] = field(default_factory=list)


@strawberry.type
class CustomerDelete:
    """Answer of `customerDelete`."""

    user: User | None = None
    errors: list[AccountError] = field(default_factory=list)
