"""The web door: everything that is asked of the app over HTTP."""

from fastapi import FastAPI

from saleor_amazon_app.entrypoints.consent import consent_door
from saleor_amazon_app.entrypoints.dashboard_api.door import dashboard_door
from saleor_amazon_app.entrypoints.dashboard_api.export import export_door
from saleor_amazon_app.entrypoints.health import health_door
from saleor_amazon_app.entrypoints.install import install_door
from saleor_amazon_app.entrypoints.pages import pages_door
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.entrypoints.webhooks import webhooks_door
from saleor_amazon_app.flows.connections import Connections


def create_app(lines: Connections, settings: Settings) -> FastAPI:
    """The web application of one process."""
    app = FastAPI(title="Amazon for Saleor", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(install_door(lines, settings))
    app.include_router(webhooks_door(lines))
    app.include_router(consent_door(lines))
    app.include_router(dashboard_door(lines, settings))
    app.include_router(export_door(lines, settings))
    app.include_router(pages_door(lines, settings))
    app.include_router(health_door(lines))
    return app
