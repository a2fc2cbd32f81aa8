"""Proves that a webhook comes from the shop it names: a detached signature over the raw body.

A shop signs the same way for all apps and also its users' tokens, with one key. So nothing but
the exact form of a webhook's signature is accepted: a token that is perfectly signed says nothing
about a body that is not part of it.

Source: RFC 7515, RFC 7797; Saleor docs, webhook payload signature; tried with Saleor 3.23.
"""

import re
from functools import lru_cache
from typing import Annotated, Literal

import jwt
from jwt.exceptions import PyJWTError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from saleor_amazon_app.core.errors import AppError

_ALGORITHM = "RS256"
_LONGEST_SIGNATURE = 4096
_DETACHED = re.compile(r"[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+")

_Plain = Annotated[str, Field(pattern=r"^[A-Za-z0-9_=.:-]{1,200}$")]
_Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,2000}$")]


class SignatureRefused(AppError):
    """The body was not signed by one of these keys; they may have changed since they were read."""


class Key(BaseModel):
    """A public key of a shop; whatever else its JSON web key says is dropped."""

    model_config = ConfigDict(frozen=True)

    kty: Literal["RSA"]
    kid: _Plain
    n: _Number
    e: _Number


class KeySet(BaseModel):
    """The public keys of a shop that can have signed something."""

    model_config = ConfigDict(frozen=True)

    keys: tuple[Key, ...] = Field(min_length=1, max_length=20)


class _Header(BaseModel):
    """What the header of a signature must say; `b64` false is what binds the body to it."""

    alg: Literal["RS256"]
    b64: Literal[False]
    crit: tuple[Literal["b64"]]
    kid: _Plain


class _Published(BaseModel):
    keys: list[dict[str, object]]


def read_keys(body: bytes) -> KeySet:
    """Reads a published JSON web key set; keys that are not RSA are left out.

    Raises:
        ValueError: it is no set of keys, or holds none that is usable.
    """
    published = _Published.model_validate_json(body)
    return KeySet.model_validate({"keys": [k for k in published.keys if k.get("kty") == "RSA"]})


@lru_cache(maxsize=256)
def _public(key: Key) -> jwt.PyJWK:
    """A key ready for use; making it takes about as long as using it."""
    return jwt.PyJWK(key.model_dump(), algorithm=_ALGORITHM)


def verify(signature: str, body: bytes, keys: KeySet) -> None:
    """Lets a body pass that one of the keys has signed.

    Args:
        signature: the header `Saleor-Signature` as it came.
        body: the bytes as they came, before anyone has parsed them.
        keys: of the shop that the request claims to come from.

    Raises:
        SignatureRefused: whatever is wrong with it.
    """
    if len(signature) > _LONGEST_SIGNATURE or not _DETACHED.fullmatch(signature):
        raise SignatureRefused("The signature is not a detached one")
    try:
        header = _Header.model_validate(jwt.get_unverified_header(signature), strict=False)
        key = next((one for one in keys.keys if one.kid == header.kid), None)
        if key is None:
            raise SignatureRefused("The signature names a key that the shop does not show")
        jwt.api_jws.decode(signature, _public(key), algorithms=[_ALGORITHM], detached_payload=body)
    except (PyJWTError, ValidationError, ValueError) as wrong:
        raise SignatureRefused("The signature does not fit the body") from wrong
