"""Tells an operator's monitoring whether the app is alive and reaches its database."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import installations


def health_door(lines: Connections) -> APIRouter:
    """The route of health checks."""
    door = APIRouter()

    @door.get("/health")
    async def health() -> JSONResponse:
        try:
            async with lines.database.transaction() as session:
                await installations.active_installations(session)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is: not healthy
            return JSONResponse({"status": "database", "error": type(error).__name__}, 503)
        return JSONResponse({"status": "ok"})

    return door
