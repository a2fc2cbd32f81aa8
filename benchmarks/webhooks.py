"""How soon a webhook is answered, at a hundred a second for half a minute.

Web and worker run as an operator would run them under load, each its own process, on the embedded
database. Every event is different and signed by the shop's key, so nothing is answered for having
been seen before. The last percent is of the sender's view: waiting in its own queue included.
"""

import argparse
import asyncio
import json
import time
from contextlib import ExitStack

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr
from stage import report

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints import logs
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.entrypoints.tryout import start, temporary_home, wait_for
from saleor_amazon_app.entrypoints.wiring import running
from saleor_amazon_app.ledger import installations
from saleor_amazon_app.ledger.installations import Registration

_SHOP = SaleorApiUrl("https://shop.example/graphql/")
_APP_ID = "QXBwOjE="
_KEY_ID = "benchmark"


async def main(rate: int, seconds: int) -> None:
    """Sends `rate` events a second and prints how long their answers took."""
    logs.set_up()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with ExitStack() as stack:
        home = temporary_home(stack)
        settings = Settings(_env_file=None, data_dir=home / "data", DATABASE_URL=None, key=None)
        async with running(settings) as opened:
            public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
            jwks = {"keys": [{**public, "kid": _KEY_ID, "use": "sig", "alg": "RS256"}]}
            async with opened.lines.database.transaction() as session:
                await installations.install(
                    session,
                    opened.lines.cipher,
                    Registration(_SHOP, "shop.example", _APP_ID, SecretStr("token"), jwks),
                    now=utc_now(),
                )
            web = start(stack, home, "web", "web", "--data-dir", str(home / "data"))
            async with httpx.AsyncClient(timeout=60) as http:
                await wait_for(http, web, "/health")
                url = f"{web.address}/api/webhooks/product-updated"
                bodies = [_body(number) for number in range(rate * seconds)]
                signed = [(body, _signature(body, key)) for body in bodies]
                took = await _send(http, url, signed, rate)
    took.sort()
    report(
        "webhooks",
        sent=len(took),
        a_second=rate,
        p50_ms=_at(took, 0.50),
        p99_ms=_at(took, 0.99),
        longest_ms=_at(took, 1.0),
    )


def _body(number: int) -> bytes:
    return json.dumps(
        {
            "__typename": "ProductUpdated",
            "issuedAt": utc_now().isoformat(),
            "version": "3.23.28",
            "recipient": {"id": _APP_ID},
            "product": {"id": f"UHJvZHVjdDo{number}"},
        }
    ).encode()


def _signature(body: bytes, key: rsa.RSAPrivateKey) -> str:
    header = {"kid": _KEY_ID, "b64": False, "crit": ["b64"]}
    signed = jwt.api_jws.encode(
        body, key, algorithm="RS256", headers=header, is_payload_detached=True
    )
    return str(signed)


async def _send(
    http: httpx.AsyncClient, url: str, signed: list[tuple[bytes, str]], rate: int
) -> list[float]:
    """Sends each at its own moment, whether or not those before were answered."""
    begun = time.monotonic()
    took: list[float] = []

    async def send(number: int, body: bytes, signature: str) -> None:
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        answer = await http.post(
            url,
            content=body,
            headers={
                "Saleor-Api-Url": _SHOP,
                "Saleor-Event": "product_updated",
                "Saleor-Signature": signature,
            },
        )
        took.append(time.monotonic() - due)
        if answer.status_code != httpx.codes.OK:
            raise SystemExit(f"{answer.status_code} {answer.text}")

    async with asyncio.TaskGroup() as together:
        for number, (body, signature) in enumerate(signed):
            together.create_task(send(number, body, signature))
    return took


def _at(sorted_seconds: list[float], share: float) -> float:
    place = min(len(sorted_seconds) - 1, int(len(sorted_seconds) * share))
    return round(sorted_seconds[place] * 1000, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=30)
    given = parser.parse_args()
    asyncio.run(main(given.rate, given.seconds))
