"""How a process of the app is set up: read once, from the environment and `.env`."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from saleor_amazon_app.amazon.auth import LwaClient
from saleor_amazon_app.flows.connections import ConsentApp, Pace

_ORIGIN = re.compile(
    r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?"
)


def _default_data_dir() -> Path:
    if os.geteuid() == 0:
        # Root's database runs as a user that may not enter root's home.
        return Path("/var/lib/saleor-amazon")
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "saleor-amazon"


class Settings(BaseSettings):
    """The settings of a process.

    Attributes:
        database_url: a PostgreSQL of yours; without it the app runs one in its data directory.
        key: encrypts tokens and buyer data, one or more Fernet keys separated by commas; made
            once in the data directory where the database is there as well.
        spapi_url: replaces Amazon's regional addresses, for the simulated seller.
        lwa_url: replaces the address of Login with Amazon.
        seller_central_url: replaces the addresses of Seller Central, where sellers give consent.
        lwa_application_id: of the operator's public app at Amazon, `amzn1.sp.solution.…`; with it
            and the two below merchants connect by consent.
        lwa_client_id: of the same app, `amzn1.application-oa2-client.…`.
        lwa_client_secret: of the same app; stores connected by consent take a new one at once.
        allow_local_shops: lets shops on private addresses and without TLS install the app; for
            development only.
        app_url: the address the shop reaches this app under, without a closing slash; without it
            the address of the request.
        allowed_shops: a pattern that the whole API address of a shop must match.
        dashboard_origins: origins (`https://dashboard.example`) that may show the pages in a
            frame besides each shop's own; several with spaces or commas between them.
        sync_every_seconds: replaces every store's own interval.
        overlap_seconds: how far each search goes back behind the last one.
        sweep_every_seconds: the time between two looks for orders that no list showed.
        host_may_go_on_seconds: how long a shop may work on a request it gave no answer to.
        beat_seconds: for how long feeds to Amazon are collected; its answers are awaited in
            proportion.
    """

    model_config = SettingsConfigDict(env_prefix="SALEOR_AMAZON_", env_file=".env", extra="ignore")

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    key: SecretStr | None = None
    data_dir: Path = Field(default_factory=_default_data_dir)
    spapi_url: HttpUrl | None = None
    lwa_url: HttpUrl | None = None
    seller_central_url: HttpUrl | None = None
    lwa_application_id: str | None = None
    lwa_client_id: str | None = None
    lwa_client_secret: SecretStr | None = None
    allow_local_shops: bool = False
    app_url: HttpUrl | None = None
    allowed_shops: str | None = None
    dashboard_origins: Annotated[tuple[str, ...], NoDecode] = ()
    sync_every_seconds: float | None = Field(default=None, gt=0)
    overlap_seconds: float = Field(default=600, ge=0)
    sweep_every_seconds: float = Field(default=86_400, gt=0)
    host_may_go_on_seconds: float = Field(default=120, gt=0)
    beat_seconds: float = Field(default=60, gt=0)

    @field_validator(
        "database_url",
        "key",
        "spapi_url",
        "lwa_url",
        "app_url",
        "seller_central_url",
        "lwa_application_id",
        "lwa_client_id",
        "lwa_client_secret",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        """A variable that is set to nothing, as compose files do, is not set."""
        return value or None

    @field_validator("dashboard_origins", mode="before")
    @classmethod
    def _are_origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        origins = tuple(each.rstrip("/") for each in re.split(r"[\s,]+", value) if each)
        if wrong := [each for each in origins if not _ORIGIN.fullmatch(each)]:
            raise ValueError(f"{wrong[0]!r} is no origin such as https://dashboard.example")
        return origins

    @model_validator(mode="after")
    def _has_key(self) -> "Settings":
        if self.database_url is not None and self.key is None:
            raise ValueError(
                "SALEOR_AMAZON_KEY is required with DATABASE_URL: it encrypts tokens and buyer "
                "data. Make one with `saleor-amazon new-key` and keep it apart from the database."
            )
        return self

    @model_validator(mode="after")
    def _has_whole_app(self) -> "Settings":
        parts = (self.lwa_application_id, self.lwa_client_id, self.lwa_client_secret)
        if any(parts) and not all(parts):
            raise ValueError(
                "Connecting by consent needs all of SALEOR_AMAZON_LWA_APPLICATION_ID, "
                "SALEOR_AMAZON_LWA_CLIENT_ID and SALEOR_AMAZON_LWA_CLIENT_SECRET."
            )
        return self

    @property
    def consent_app(self) -> ConsentApp | None:
        """The operator's app at Amazon; None where sellers bring credentials of their own."""
        if not (self.lwa_application_id and self.lwa_client_id and self.lwa_client_secret):
            return None
        client = LwaClient(self.lwa_client_id, self.lwa_client_secret)
        return ConsentApp(self.lwa_application_id, client)

    @property
    def pace(self) -> Pace:
        """How often and how far back Amazon is asked."""
        every = self.sync_every_seconds
        return Pace(
            sync_every=timedelta(seconds=every) if every else None,
            overlap=timedelta(seconds=self.overlap_seconds),
            sweep_every=timedelta(seconds=self.sweep_every_seconds),
            host_may_go_on=timedelta(seconds=self.host_may_go_on_seconds),
            beat=timedelta(seconds=self.beat_seconds),
        )


def address(url: HttpUrl | None) -> str | None:
    """The address without a closing slash, to which paths are added."""
    return str(url).rstrip("/") if url else None
