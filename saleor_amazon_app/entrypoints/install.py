"""The door of an installation: the manifest a shop reads, and the token it then brings.

Source: Saleor docs, app installation and `tokenTargetUrl`; tried with Saleor 3.23, 2026-11-20.
"""

import json
import re
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, SecretStr

from saleor_amazon_app.core.errors import AppError, TryAgainLater
from saleor_amazon_app.entrypoints.settings import Settings, address
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.setup import register_shop
from saleor_amazon_app.saleor.documents import locate
from saleor_amazon_app.saleor.errors import ShopAddressRefused
from saleor_amazon_app.saleor.tokens import check_api_url

log = structlog.get_logger(__name__)


class _Token(BaseModel):
    auth_token: Annotated[SecretStr, Field(min_length=1, max_length=512)]


def install_door(lines: Connections, settings: Settings) -> APIRouter:
    """The routes of an installation."""
    door = APIRouter(prefix="/api")
    allowed = re.compile(settings.allowed_shops) if settings.allowed_shops else None

    @door.get("/manifest")
    async def manifest(request: Request) -> JSONResponse:
        return JSONResponse(_manifest(address(settings.app_url) or str(request.base_url)))

    @door.post("/register")
    async def register(
        token: _Token, saleor_api_url: Annotated[str, Header(max_length=500)] = ""
    ) -> JSONResponse:
        try:
            checked = await check_api_url(
                saleor_api_url, allow_local=settings.allow_local_shops, allowed=allowed
            )
            await register_shop(lines, checked, token.auth_token)
        except ShopAddressRefused as refused:
            return _refusal(403, "SALEOR_URL_PROHIBITED", refused)
        except TryAgainLater as unreachable:
            return _refusal(503, "SALEOR_UNREACHABLE", unreachable)
        except AppError as refused:
            return _refusal(401, "TOKEN_REFUSED", refused)
        log.info("shop_registered", shop=checked)
        return JSONResponse({"success": True})

    return door


def _manifest(base_url: str) -> dict[str, Any]:
    """`manifest.json` with the addresses of this app filled in; `Any` because it is JSON."""
    manifest: dict[str, Any] = json.loads(locate("manifest.json").read_text())
    base = base_url.rstrip("/")
    return {
        **manifest,
        "appUrl": base + manifest["appUrl"],
        "tokenTargetUrl": base + manifest["tokenTargetUrl"],
    }


def _refusal(status: int, code: str, error: AppError) -> JSONResponse:
    """The shop shows the message to whoever installs the app, up to 255 characters."""
    log.warning("installation_refused", code=code)
    message = str(error)[:255]
    return JSONResponse(
        {"success": False, "error": {"code": code, "message": message}}, status_code=status
    )
