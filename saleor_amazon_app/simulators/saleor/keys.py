"""The shop's signing key, as it shows it to those who check its signatures."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key


def new_key() -> RSAPrivateKey:
    """A key of its own for every shop that opens."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def key_set(key: RSAPrivateKey) -> dict[str, Any]:
    """The public half as a set of one JSON web key, named by its RFC 7638 thumbprint."""
    numbers = key.public_key().public_numbers()
    public = {"e": _coded(numbers.e), "kty": "RSA", "n": _coded(numbers.n)}
    canonical = json.dumps(public, separators=(",", ":"), sort_keys=True).encode()
    thumbprint = _unpadded(hashlib.sha256(canonical).digest())
    described = {"use": "sig", "alg": "RS256", "key_ops": ["verify"], "kid": thumbprint}
    return {"keys": [public | described]}


def signed(key: RSAPrivateKey, body: bytes) -> str:
    """A detached signature over the bytes of a body, as webhooks carry it.

    Source: RFC 7797; Saleor `saleor/core/jwt_manager.py`, branch 3.23.
    """
    header = {"b64": False, "crit": ["b64"], "kid": key_set(key)["keys"][0]["kid"], "typ": "JWT"}
    return jwt.api_jws.encode(
        body, key, algorithm="RS256", headers=header, is_payload_detached=True
    )


def access_token(key: RSAPrivateKey, claims: Mapping[str, object]) -> str:
    """A token of the shop's, which whoever has its keys can check."""
    kid = key_set(key)["keys"][0]["kid"]
    return jwt.encode(dict(claims), key, algorithm="RS256", headers={"kid": kid})


def _coded(number: int) -> str:
    return _unpadded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _unpadded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
