"""The door of an installation: the manifest a shop reads, and the token it then brings.

Source: Saleor docs, app manifest and `tokenTargetUrl`; tried with Saleor 3.23, 2026-11-20.
"""

import json
import re
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from saleor_amazon_app.core.errors import AppError, TryAgainLater
from saleor_amazon_app.entrypoints.bodies import BodyBrokenOff, BodyTooLarge, read_body
from saleor_amazon_app.entrypoints.settings import Settings, address
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.setup import register_shop
from saleor_amazon_app.saleor import webhooks
from saleor_amazon_app.saleor.documents import locate
from saleor_amazon_app.saleor.errors import ShopAddressRefused
from saleor_amazon_app.saleor.tokens import check_api_url

_MOST_BYTES = 16 * 1024
_LONGEST_ADDRESS = 500
# The host shows no more than this of a refusal to whoever installs the app.
_LONGEST_REASON = 255
_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})(\..*)?")

log = structlog.get_logger(__name__)


class _Token(BaseModel):
    """What a shop brings; it goes into a header later, so it must be fit for one."""

    model_config = ConfigDict(hide_input_in_errors=True)

    auth_token: Annotated[str, Field(pattern=r"^[!-~]{1,512}$")]


def install_door(lines: Connections, settings: Settings) -> APIRouter:
    """The routes of an installation."""
    door = APIRouter(prefix="/api")
    allowed = re.compile(settings.allowed_shops) if settings.allowed_shops else None

    def reached_at(request: Request) -> str:
        return address(settings.app_url) or str(request.base_url).rstrip("/")

    @door.get("/manifest")
    async def manifest(
        request: Request, saleor_schema_version: Annotated[str, Header()] = ""
    ) -> JSONResponse:
        return JSONResponse(_manifest(reached_at(request), _host_version(saleor_schema_version)))

    @door.post("/register")
    async def register(
        request: Request, saleor_api_url: Annotated[str, Header()] = ""
    ) -> JSONResponse:
        try:
            token = await _token(request)
            checked = await check_api_url(
                saleor_api_url[: _LONGEST_ADDRESS + 1],
                allow_local=settings.allow_local_shops,
                allowed=allowed,
            )
            await register_shop(lines, checked, token, app_url=reached_at(request))
        except BodyTooLarge:
            return _refusal(413, "TOO_LARGE", "The request is too large to be an installation.")
        except (BodyBrokenOff, ValidationError):
            return _refusal(400, "MALFORMED", "The request does not bring an auth_token.")
        except ShopAddressRefused as refused:
            return _refusal(403, "SALEOR_URL_PROHIBITED", str(refused))
        except TryAgainLater as unreachable:
            return _refusal(503, "SALEOR_UNREACHABLE", str(unreachable))
        except AppError as refused:
            return _refusal(401, "TOKEN_REFUSED", str(refused))
        log.info("shop_registered", shop=checked)
        return JSONResponse({"success": True})

    return door


def _host_version(told: str) -> tuple[int, int]:
    """The version a shop tells of itself; without a readable one, what every host understands."""
    found = _VERSION.fullmatch(told.strip())
    return (int(found[1]), int(found[2])) if found else webhooks.OLDEST_HOST


def _manifest(app_url: str, host: tuple[int, int]) -> dict[str, Any]:
    """`manifest.json` with this app's addresses and subscriptions; `Any` because it is JSON."""
    manifest: dict[str, Any] = json.loads(locate("manifest.json").read_text())
    return {
        **manifest,
        "extensions": _extensions(manifest["extensions"], host),
        "appUrl": app_url + manifest["appUrl"],
        "tokenTargetUrl": app_url + manifest["tokenTargetUrl"],
        "webhooks": [
            {
                "name": one.name,
                **one.events,
                "query": one.query,
                "targetUrl": one.target_url,
                "isActive": True,
            }
            for one in webhooks.wanted(app_url, host)
        ],
    }


def _extensions(every: list[dict[str, Any]], host: tuple[int, int]) -> list[dict[str, Any]]:
    """What a host of that version knows of; it refuses an app with a place it does not know."""
    known = (one for one in every if tuple(one["since"]) <= host)
    return [{key: value for key, value in one.items() if key != "since"} for one in known]


async def _token(request: Request) -> SecretStr:
    body = await read_body(request, most=_MOST_BYTES)
    return SecretStr(_Token.model_validate_json(body).auth_token)


def _refusal(status: int, code: str, reason: str) -> JSONResponse:
    log.warning("installation_refused", code=code)
    return JSONResponse(
        {"success": False, "error": {"code": code, "message": reason[:_LONGEST_REASON]}},
        status_code=status,
    )
