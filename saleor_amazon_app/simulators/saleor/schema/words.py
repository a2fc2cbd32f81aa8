"""Enums and scalars of the host's schema; every name and value is one of its own."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum, EnumType
from typing import Any, NewType

import strawberry
from graphql import FloatValueNode, IntValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

PositiveDecimal = NewType("PositiveDecimal", Decimal)
WeightScalar = NewType("WeightScalar", Decimal)
PositiveInt = NewType("PositiveInt", int)
Minute = NewType("Minute", int)

OrderStatus = Enum(
    "OrderStatus",
    "DRAFT UNCONFIRMED UNFULFILLED PARTIALLY_FULFILLED PARTIALLY_RETURNED RETURNED FULFILLED "
    "CANCELED EXPIRED",
)
OrderStatusFilter = Enum(
    "OrderStatusFilter",
    "UNFULFILLED UNCONFIRMED PARTIALLY_FULFILLED FULFILLED CANCELED",
)
OrderOriginEnum = Enum("OrderOriginEnum", "CHECKOUT DRAFT REISSUE BULK_CREATE")
OrderChargeStatusEnum = Enum("OrderChargeStatusEnum", "NONE PARTIAL FULL OVERCHARGED")
FulfillmentStatus = Enum(
    "FulfillmentStatus",
    "FULFILLED REFUNDED RETURNED REPLACED REFUNDED_AND_RETURNED CANCELED WAITING_FOR_APPROVAL",
)
OrderEventsEnum = Enum(
    "OrderEventsEnum",
    "PLACED_FROM_DRAFT CONFIRMED ORDER_FULLY_PAID CANCELED NOTE_ADDED EMAIL_SENT UPDATED_ADDRESS "
    "TRANSACTION_EVENT TRANSACTION_REFUND_REQUESTED FULFILLMENT_CANCELED "
    "FULFILLMENT_RESTOCKED_ITEMS FULFILLMENT_FULFILLED_ITEMS FULFILLMENT_RETURNED "
    "FULFILLMENT_AWAITS_APPROVAL TRACKING_UPDATED",
)
TransactionActionEnum = Enum("TransactionActionEnum", "CHARGE REFUND CANCEL")
OrderGrantedRefundStatusEnum = Enum("OrderGrantedRefundStatusEnum", "NONE PENDING SUCCESS FAILURE")
TransactionEventTypeEnum = Enum(
    "TransactionEventTypeEnum",
    "AUTHORIZATION_SUCCESS AUTHORIZATION_FAILURE AUTHORIZATION_ADJUSTMENT AUTHORIZATION_REQUEST "
    "AUTHORIZATION_ACTION_REQUIRED CHARGE_ACTION_REQUIRED CHARGE_SUCCESS CHARGE_FAILURE "
    "CHARGE_BACK CHARGE_REQUEST REFUND_SUCCESS REFUND_FAILURE REFUND_REVERSE REFUND_REQUEST "
    "CANCEL_SUCCESS CANCEL_FAILURE CANCEL_REQUEST INFO",
)
ErrorPolicyEnum = Enum("ErrorPolicyEnum", "IGNORE_FAILED REJECT_EVERYTHING REJECT_FAILED_ROWS")
StockUpdatePolicyEnum = Enum("StockUpdatePolicyEnum", "SKIP UPDATE FORCE")
ShippingMethodTypeEnum = Enum("ShippingMethodTypeEnum", "PRICE WEIGHT")
PostalCodeRuleInclusionTypeEnum = Enum("PostalCodeRuleInclusionTypeEnum", "INCLUDE EXCLUDE")
AllocationStrategyEnum = Enum(
    "AllocationStrategyEnum", "PRIORITIZE_SORTING_ORDER PRIORITIZE_HIGH_STOCK"
)
DiscountValueTypeEnum = Enum("DiscountValueTypeEnum", "FIXED PERCENTAGE")
WeightUnitsEnum = Enum("WeightUnitsEnum", "G LB OZ KG TONNE")
AddressTypeEnum = Enum("AddressTypeEnum", "BILLING SHIPPING")

OrderErrorCode = Enum(
    "OrderErrorCode",
    "BILLING_ADDRESS_NOT_SET CANNOT_CANCEL_FULFILLMENT CANNOT_CANCEL_ORDER "
    "CANNOT_FULFILL_UNPAID_ORDER CANNOT_REFUND CHANNEL_INACTIVE DUPLICATED_INPUT_ITEM "
    "FULFILL_ORDER_LINE GRAPHQL_ERROR INSUFFICIENT_STOCK INVALID INVALID_QUANTITY "
    "NOT_AVAILABLE_IN_CHANNEL NOT_EDITABLE NOT_FOUND ORDER_NO_SHIPPING_ADDRESS "
    "PRODUCT_NOT_PUBLISHED PRODUCT_UNAVAILABLE_FOR_PURCHASE REQUIRED "
    "SHIPPING_METHOD_NOT_APPLICABLE SHIPPING_METHOD_REQUIRED TAX_ERROR UNIQUE ZERO_QUANTITY",
)
OrderBulkCreateErrorCode = Enum(
    "OrderBulkCreateErrorCode",
    "GRAPHQL_ERROR REQUIRED INVALID NOT_FOUND UNIQUE BULK_LIMIT TOO_MANY_IDENTIFIERS FUTURE_DATE "
    "INVALID_QUANTITY PRICE_ERROR NOTE_LENGTH INSUFFICIENT_STOCK NON_EXISTING_STOCK "
    "NO_RELATED_ORDER_LINE NEGATIVE_INDEX ORDER_LINE_FULFILLMENT_LINE_MISMATCH "
    "METADATA_KEY_REQUIRED INCORRECT_CURRENCY",
)
OrderNoteAddErrorCode = Enum("OrderNoteAddErrorCode", "GRAPHQL_ERROR REQUIRED")
TransactionCreateErrorCode = Enum(
    "TransactionCreateErrorCode",
    "INVALID GRAPHQL_ERROR NOT_FOUND INCORRECT_CURRENCY METADATA_KEY_REQUIRED UNIQUE",
)
TransactionUpdateErrorCode = Enum(
    "TransactionUpdateErrorCode",
    "INVALID GRAPHQL_ERROR NOT_FOUND INCORRECT_CURRENCY METADATA_KEY_REQUIRED UNIQUE",
)
TransactionEventReportErrorCode = Enum(
    "TransactionEventReportErrorCode",
    "INVALID GRAPHQL_ERROR NOT_FOUND INCORRECT_DETAILS ALREADY_EXISTS REQUIRED",
)
OrderGrantRefundCreateErrorCode = Enum(
    "OrderGrantRefundCreateErrorCode",
    "GRAPHQL_ERROR NOT_FOUND SHIPPING_COSTS_ALREADY_GRANTED AMOUNT_GREATER_THAN_AVAILABLE "
    "REQUIRED INVALID",
)
OrderGrantRefundCreateLineErrorCode = Enum(
    "OrderGrantRefundCreateLineErrorCode",
    "GRAPHQL_ERROR NOT_FOUND QUANTITY_GREATER_THAN_AVAILABLE",
)
TransactionRequestActionErrorCode = Enum(
    "TransactionRequestActionErrorCode",
    "INVALID GRAPHQL_ERROR NOT_FOUND MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK",
)
TransactionRequestRefundForGrantedRefundErrorCode = Enum(
    "TransactionRequestRefundForGrantedRefundErrorCode",
    "INVALID GRAPHQL_ERROR NOT_FOUND AMOUNT_GREATER_THAN_AVAILABLE "
    "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK REFUND_ALREADY_PROCESSED REFUND_IS_PENDING",
)
MetadataErrorCode = Enum("MetadataErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED")
AccountErrorCode = Enum("AccountErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED UNIQUE")
AppProblemCreateErrorCode = Enum(
    "AppProblemCreateErrorCode", "GRAPHQL_ERROR INVALID REQUIRED NOT_FOUND"
)
AppProblemDismissErrorCode = Enum(
    "AppProblemDismissErrorCode", "GRAPHQL_ERROR INVALID REQUIRED NOT_FOUND OUT_OF_SCOPE_APP"
)
AppProblemDismissedByEnum = Enum("AppProblemDismissedByEnum", "APP USER")

PermissionEnum = Enum(
    "PermissionEnum",
    "MANAGE_USERS MANAGE_STAFF IMPERSONATE_USER MANAGE_APPS MANAGE_OBSERVABILITY MANAGE_CHECKOUTS "
    "HANDLE_CHECKOUTS HANDLE_TAXES MANAGE_TAXES MANAGE_CHANNELS MANAGE_DISCOUNTS MANAGE_GIFT_CARD "
    "MANAGE_MENUS MANAGE_ORDERS MANAGE_ORDERS_IMPORT MANAGE_PAGES MANAGE_PAGE_TYPES_AND_ATTRIBUTES "
    "HANDLE_PAYMENTS MANAGE_PLUGINS MANAGE_PRODUCTS MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES "
    "MANAGE_SHIPPING MANAGE_SETTINGS MANAGE_TRANSLATIONS",
)
CountryCode = Enum(
    "CountryCode",
    "AF AX AL DZ AS AD AO AI AQ AG AR AM AW AU AT AZ BS BH BD BB BY BE BZ BJ BM BT BO BQ BA BW BV "
    "BR IO BN BG BF BI CV KH CM CA KY CF TD CL CN CX CC CO KM CG CD CK CR CI HR CU CW CY CZ DK DJ "
    "DM DO EC EG SV GQ ER EE SZ ET EU FK FO FJ FI FR GF PF TF GA GM GE DE GH GI GR GL GD GP GU GT "
    "GG GN GW GY HT HM VA HN HK HU IS IN ID IR IQ IE IM IL IT JM JP JE JO KZ KE KI XK KW KG LA LV "
    "LB LS LR LY LI LT LU MO MG MW MY MV ML MT MH MQ MR MU YT MX FM MD MC MN ME MS MA MZ MM NA NR "
    "NP NL NC NZ NI NE NG NU NF KP MK MP NO OM PK PW PS PA PG PY PE PH PN PL PT PR QA RE RO RU RW "
    "BL SH KN LC MF PM VC WS SM ST SA SN RS SC SL SG SX SK SI SB SO ZA GS KR SS ES LK SD SR SJ SE "
    "CH SY TW TJ TZ TH TL TG TK TO TT TN TR TM TC TV UG UA AE GB UM US UY UZ VU VE VN VG VI WF EH "
    "YE ZM ZW",
)
LanguageCodeEnum = Enum(
    "LanguageCodeEnum",
    "AF AM AR AZ BE BG BN BS CA CS CY DA DE DE_DE EL EN EN_CA EN_GB EN_US ES ES_MX ET EU FA FI FIL "
    "FR FR_CA FR_FR GA GL GU HE HI HR HU HY ID IS IT JA JA_JP KA KK KM KN KO KY LO LT LV MK ML MN "
    "MR MS MY NB NE NL NN PA PL PT PT_BR RO RU SI SK SL SO SQ SR SV SW TA TE TH TR UK UR UZ VI ZH "
    "ZU",
)

for _enum in [each for each in globals().values() if isinstance(each, EnumType)]:
    if _enum is not Enum:
        strawberry.enum(_enum)

WebhookEventTypeAsyncEnum = Enum(
    "WebhookEventTypeAsyncEnum",
    "ORDER_CREATED ORDER_UPDATED ORDER_CANCELLED FULFILLMENT_CREATED FULFILLMENT_APPROVED "
    "FULFILLMENT_TRACKING_NUMBER_UPDATED FULFILLMENT_CANCELED FULFILLMENT_METADATA_UPDATED "
    "PRODUCT_UPDATED PRODUCT_VARIANT_CREATED "
    "PRODUCT_VARIANT_UPDATED PRODUCT_VARIANT_STOCK_UPDATED PRODUCT_VARIANT_BACK_IN_STOCK "
    "SHIPPING_PRICE_CREATED SHIPPING_PRICE_UPDATED SHIPPING_ZONE_UPDATED APP_DELETED "
    "APP_STATUS_CHANGED",
)
WebhookEventTypeSyncEnum = Enum("WebhookEventTypeSyncEnum", "TRANSACTION_REFUND_REQUESTED")
NewerRequestErrorCode = Enum(
    "NewerRequestErrorCode",
    "INVALID REQUIRED GRAPHQL_ERROR NOT_FOUND MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK",
)
# The same enum as it is from 3.22 on.
strawberry.enum(NewerRequestErrorCode, name="TransactionRequestActionErrorCode")
WebhookErrorCode = Enum(
    "WebhookErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED SYNTAX MISSING_EVENT"
)


def _decimal(value: object) -> Decimal:
    """A number that is not negative, as sent in variables: a string does as well as a number.

    Raises:
        ValueError: anything else; the host refuses the whole request.
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise ValueError(f'Expected type "PositiveDecimal", found {value!r}.')
    return number


def _decimal_literal(node: ValueNode, _variables: Mapping[str, Any] | None = None) -> Decimal:
    """The same inside the text of a query, where only a number is a number."""
    if isinstance(node, FloatValueNode | IntValueNode):
        return _decimal(node.value)
    raise ValueError('Expected type "PositiveDecimal".')


def _whole(name: str, least: int) -> ScalarDefinition:
    """A whole number that is not smaller than the least."""

    def parse(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f'Expected type "{name}", found {value!r}.')
        return value

    return strawberry.scalar(name=name, serialize=int, parse_value=parse)


SCALARS: Mapping[object, ScalarDefinition] = {
    PositiveDecimal: strawberry.scalar(
        name="PositiveDecimal",
        serialize=float,
        parse_value=_decimal,
        parse_literal=_decimal_literal,
    ),
    WeightScalar: strawberry.scalar(name="WeightScalar", serialize=str, parse_value=_decimal),
    PositiveInt: _whole("PositiveInt", 1),
    Minute: _whole("Minute", 0),
}
