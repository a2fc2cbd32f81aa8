"""What can go wrong between us and a shop, by who must act.

    AppError
    ├── TryAgainLater
    │   └── HostUnavailable     no answer, or one that is no GraphQL: nobody must act
    ├── NeedsMerchant
    │   ├── TokenRefused        the app was removed, deactivated or installed anew
    │   └── PermissionMissing   the app was not granted what the operation needs
    ├── RequestRefused          the host refused the whole request or crashed on it: send less
    ├── FieldUnknown            the host is older than the operation
    └── ShopAddressRefused      an installation came from an address we must not call

A refusal of a single order, line or customer is not an error but a value, see `refusals`.
No message here quotes the host: its validation messages repeat the variables, buyers included.
"""

from dataclasses import dataclass
from datetime import timedelta

from saleor_amazon_app.core.errors import AppError, NeedsMerchant, TryAgainLater
from saleor_amazon_app.core.ids import SaleorApiUrl


@dataclass(frozen=True, slots=True)
class HostCall:
    """Which call to which shop went wrong.

    Attributes:
        operation: name of the GraphQL document.
        codes: the host's exception codes, such as `PermissionDenied` or `IntegrityError`.
    """

    operation: str
    api_url: SaleorApiUrl
    codes: tuple[str, ...] = ()


class HostUnavailable(TryAgainLater):
    """The shop cannot be reached or cannot answer now.

    A mutation may have been carried out all the same: look before it is sent again.
    """

    def __init__(self, call: HostCall, reason: str, *, after: timedelta | None = None) -> None:
        message = f"{call.api_url} gave no answer to {call.operation}: {reason}"
        super().__init__(message, after=after)
        self.call = call


class TokenRefused(NeedsMerchant):
    """The shop no longer knows our token."""

    def __init__(self, call: HostCall) -> None:
        super().__init__(
            "saleor-token-refused",
            f"The shop {call.api_url} no longer accepts the Amazon app. In the Saleor dashboard "
            "open Extensions and activate the app, or install it again.",
        )
        self.call = call


class PermissionMissing(NeedsMerchant):
    """The app lacks a permission.

    Attributes:
        permissions: one of these is needed, by the host's names.
    """

    def __init__(self, call: HostCall, permissions: tuple[str, ...]) -> None:
        named = " or ".join(permissions) or "a permission"
        super().__init__(
            "saleor-permission-missing",
            f"The Amazon app needs {named} for {call.operation}. In the Saleor dashboard open "
            "Extensions, Amazon, and grant it.",
        )
        self.call = call
        self.permissions = permissions


class RequestRefused(AppError):
    """The host refused a whole request, or crashed on it; a batch is split and sent again.

    A crash in one mutation of several leaves the others done: look before anything is repeated.
    """

    def __init__(self, call: HostCall, reason: str) -> None:
        codes = ", ".join(call.codes) or "no code"
        super().__init__(f"{call.api_url} refused {call.operation}: {reason} ({codes})")
        self.call = call


class FieldUnknown(AppError):
    """The host's schema lacks a field, argument or type of the operation."""

    def __init__(self, call: HostCall) -> None:
        super().__init__(f"{call.api_url} is too old for {call.operation}")
        self.call = call


class ShopAddressRefused(AppError):
    """An API address that this app must not call."""

    def __init__(self, api_url: str, reason: str) -> None:
        super().__init__(f"{api_url} is refused: {reason}")
        self.api_url = api_url
