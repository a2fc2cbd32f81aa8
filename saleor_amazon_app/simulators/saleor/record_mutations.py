"""The mutations on what is kept beside orders: transactions, metadata, customers."""

from datetime import datetime

import strawberry

from saleor_amazon_app.simulators.saleor.customers import (
    create_customer,
    delete_customer,
    find_record,
    keep_pairs,
)
from saleor_amazon_app.simulators.saleor.schema.access import Info, PermissionDenied, require
from saleor_amazon_app.simulators.saleor.schema.basics import ObjectWithMetadata
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    MetadataInput,
    TransactionCreateInput,
    TransactionUpdateInput,
    UserCreateInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Fulfillment
from saleor_amazon_app.simulators.saleor.schema.payloads import (
    AccountError,
    CustomerCreate,
    CustomerDelete,
    MetadataError,
    TransactionCreate,
    TransactionCreateError,
    TransactionEventReport,
    TransactionEventReportError,
    TransactionUpdate,
    TransactionUpdateError,
    UpdateMetadata,
    UpdatePrivateMetadata,
)
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused
from saleor_amazon_app.simulators.saleor.schema.words import (
    AccountErrorCode,
    MetadataErrorCode,
    PositiveDecimal,
    TransactionActionEnum,
    TransactionCreateErrorCode,
    TransactionEventReportErrorCode,
    TransactionEventTypeEnum,
    TransactionUpdateErrorCode,
)
from saleor_amazon_app.simulators.saleor.transactions import (
    EventReport,
    create_transaction,
    report_event,
    update_transaction,
)


@strawberry.type
class RecordMutations:
    """Money, metadata, customers."""

    @strawberry.mutation
    def transaction_create(
        self, info: Info, id: strawberry.ID, transaction: TransactionCreateInput
    ) -> TransactionCreate | None:
        """Records money that moved elsewhere."""
        app = _payments(info)
        try:
            made = create_transaction(info.context.shop, id, transaction, app=app)
        except Refused as refused:
            codes = TransactionCreateErrorCode
            return TransactionCreate(
                errors=[
                    TransactionCreateError(
                        field=reason.field, message=reason.message, code=codes[reason.code]
                    )
                    for reason in refused.reasons
                ]
            )
        return TransactionCreate(transaction=made)

    @strawberry.mutation
    def transaction_update(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        transaction: TransactionUpdateInput | None = None,
    ) -> TransactionUpdate | None:
        """Changes a transaction of the app's own, or one nobody owns."""
        app = _payments(info, owning=id)
        try:
            changed = update_transaction(info.context.shop, id or "", transaction, app=app)
        except Refused as refused:
            codes = TransactionUpdateErrorCode
            return TransactionUpdate(
                errors=[
                    TransactionUpdateError(
                        field=reason.field, message=reason.message, code=codes[reason.code]
                    )
                    for reason in refused.reasons
                ]
            )
        return TransactionUpdate(transaction=changed)

    @strawberry.mutation
    def transaction_event_report(  # noqa: PLR0913 - the host's own arguments
        self,
        info: Info,
        type: TransactionEventTypeEnum,
        psp_reference: str,
        id: strawberry.ID | None = None,
        amount: PositiveDecimal | None = None,
        time: datetime | None = None,
        message: str | None = None,
        external_url: str | None = None,
        available_actions: list[TransactionActionEnum] | None = None,
    ) -> TransactionEventReport | None:
        """Reports what happened to the money of a transaction of the app's own."""
        app = _payments(info, owning=id)
        report = EventReport(
            kind=type,
            psp_reference=psp_reference,
            amount=amount,
            time=time,
            message=message or "",
            external_url=external_url or "",
            actions=available_actions,
        )
        try:
            transaction, event, before = report_event(info.context.shop, id or "", report, app=app)
        except Refused as refused:
            codes = TransactionEventReportErrorCode
            return TransactionEventReport(
                errors=[
                    TransactionEventReportError(
                        field=reason.field, message=reason.message, code=codes[reason.code]
                    )
                    for reason in refused.reasons
                ]
            )
        return TransactionEventReport(
            already_processed=before, transaction=transaction, transaction_event=event
        )

    @strawberry.mutation
    def update_metadata(
        self, info: Info, id: strawberry.ID, input: list[MetadataInput]
    ) -> UpdateMetadata | None:
        """Adds public metadata."""
        try:
            return UpdateMetadata(item=_kept(info, id, input, private=False))
        except Refused as refused:
            return UpdateMetadata(errors=[_metadata_error(each) for each in refused.reasons])

    @strawberry.mutation
    def update_private_metadata(
        self, info: Info, id: strawberry.ID, input: list[MetadataInput]
    ) -> UpdatePrivateMetadata | None:
        """Adds private metadata."""
        try:
            return UpdatePrivateMetadata(item=_kept(info, id, input, private=True))
        except Refused as refused:
            return UpdatePrivateMetadata(errors=[_metadata_error(each) for each in refused.reasons])

    @strawberry.mutation
    def customer_create(self, info: Info, input: UserCreateInput) -> CustomerCreate | None:
        """Adds a customer."""
        require(info, "MANAGE_USERS")
        try:
            return CustomerCreate(user=create_customer(info.context.shop, input))
        except Refused as refused:
            return CustomerCreate(errors=[_account_error(each) for each in refused.reasons])

    @strawberry.mutation
    def customer_delete(self, info: Info, id: strawberry.ID | None = None) -> CustomerDelete | None:
        """Deletes a customer; the orders stand."""
        require(info, "MANAGE_USERS")
        try:
            return CustomerDelete(user=delete_customer(info.context.shop, id or ""))
        except Refused as refused:
            return CustomerDelete(errors=[_account_error(each) for each in refused.reasons])


def _payments(info: Info, *, owning: str | None = None) -> App:
    """The app that asks; a transaction of another app is closed to it."""
    require(info, "HANDLE_PAYMENTS")
    app = info.context.app
    transaction = info.context.shop.transactions.get(owning or "")
    owner = transaction.created_by if transaction else None
    if app is None or (isinstance(owner, App) and owner.identifier != app.identifier):
        raise PermissionDenied(("OWNER", "HANDLE_PAYMENTS"))
    return app


def _kept(info: Info, id: str, given: list[MetadataInput], *, private: bool) -> ObjectWithMetadata:
    record = find_record(info.context.shop, id)
    require(info, record.keeper())
    keep_pairs(record, given, private=private)
    if isinstance(record, Fulfillment) and not private:
        info.context.shop.tell_parcel("FULFILLMENT_METADATA_UPDATED", record)
    return record


def _account_error(reason: Reason) -> AccountError:
    return AccountError(
        field=reason.field, message=reason.message, code=AccountErrorCode[reason.code]
    )


def _metadata_error(reason: Reason) -> MetadataError:
    return MetadataError(
        field=reason.field, message=reason.message, code=MetadataErrorCode[reason.code]
    )
