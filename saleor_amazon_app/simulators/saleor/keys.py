"""The shop's signing key, as it shows it to those who check its signatures."""

import hashlib
import json
from base64 import urlsafe_b64encode
from typing import Any

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


def _coded(number: int) -> str:
    return _unpadded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _unpadded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
