"""Problems of the app in the host's own list: shown to staff who manage apps, from 3.22.36 on."""

from collections.abc import Sequence

from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.refusals import FieldError, field_errors

# The host refuses longer keys and cuts longer messages.
LONGEST_KEY = 128


async def report(client: SaleorClient, key: str, message: str) -> tuple[FieldError, ...]:
    """Shows a problem, critical at once; one that stands under the key gets the new message.

    Raises:
        FieldUnknown: the host is older than app problems.
        HostUnavailable, TokenRefused: as named.
    """
    answer = await client.execute("ReportAppProblem", {"key": key, "message": message})
    return field_errors(answer["appProblemCreate"]["errors"])


async def dismiss(client: SaleorClient, keys: Sequence[str]) -> tuple[FieldError, ...]:
    """Takes problems off the list; one that does not stand there is no error.

    Raises:
        FieldUnknown: the host is older than app problems.
        HostUnavailable, TokenRefused: as named.
    """
    answer = await client.execute("DismissAppProblems", {"keys": list(keys)})
    return field_errors(answer["appProblemDismiss"]["errors"])
