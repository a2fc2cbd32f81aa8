"""Only the exact form of a shop's own signature lets a webhook in."""

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from saleor_amazon_app.saleor.signature import KeySet, SignatureRefused, read_keys, verify

BODY = b'{"__typename": "OrderUpdated", "order": {"id": "T3JkZXI6MQ=="}}'
HEADER = {"alg": "RS256", "b64": False, "crit": ["b64"], "kid": "one", "typ": "JWT"}


@lru_cache
def key_of(_owner: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def published(owner: str = "shop", kid: str = "one") -> dict[str, Any]:
    numbers = key_of(owner).public_key().public_numbers()
    n, e = (coded(each.to_bytes((each.bit_length() + 7) // 8)) for each in (numbers.n, numbers.e))
    return {"kty": "RSA", "kid": kid, "n": n, "e": e, "use": "sig", "alg": "RS256"}


def keys(*published_keys: dict[str, Any]) -> KeySet:
    return read_keys(json.dumps({"keys": list(published_keys or [published()])}).encode())


def sign(
    body: bytes = BODY,
    *,
    owner: str = "shop",
    header: dict[str, Any] | None = None,
    payload: str = "",
    over: bytes | None = None,
) -> str:
    """Signs by hand, so that every part can be wrong; `over` replaces what is signed."""
    head = coded(json.dumps(header or HEADER).encode())
    signed = over if over is not None else head.encode() + b"." + body
    signature = key_of(owner).sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return f"{head}.{payload}.{coded(signature)}"


def test_a_body_the_shop_signed_passes() -> None:
    verify(sign(), BODY, keys())


def test_the_key_is_found_among_several() -> None:
    verify(sign(), BODY, keys(published("other", "two"), published()))


@pytest.mark.parametrize(
    "body", [BODY + b" ", BODY[:-1], b"", BODY.replace(b"Updated", b"Created")]
)
def test_another_body_does_not_pass(body: bytes) -> None:
    with pytest.raises(SignatureRefused):
        verify(sign(), body, keys())


def test_a_key_of_another_shop_does_not_pass_under_the_same_name() -> None:
    with pytest.raises(SignatureRefused):
        verify(sign(owner="other"), BODY, keys())


def test_a_key_the_shop_does_not_show_does_not_pass() -> None:
    with pytest.raises(SignatureRefused, match="does not show"):
        verify(sign(header={**HEADER, "kid": "two"}), BODY, keys())


@pytest.mark.parametrize(
    ("_case", "changes"),
    [
        ("none", {"alg": "none"}),
        ("None", {"alg": "None"}),
        ("another algorithm", {"alg": "RS512"}),
        ("a symmetric algorithm", {"alg": "HS256"}),
        ("an encoded payload", {"b64": True}),
        ("a payload that is 0", {"b64": 0}),
        ("an unknown payload", {"b64": None}),
        ("an empty crit", {"crit": []}),
        ("another crit", {"crit": ["exp"]}),
        ("more in crit", {"crit": ["b64", "exp"]}),
        ("crit as text", {"crit": "b64"}),
        ("no kid", {"kid": None}),
        ("a kid of another type", {"kid": 1}),
    ],
)
def test_a_header_that_says_otherwise_does_not_pass(_case: str, changes: dict[str, Any]) -> None:
    header = {name: value for name, value in (HEADER | changes).items() if value is not None}
    with pytest.raises(SignatureRefused):
        verify(sign(header=header), BODY, keys())


@pytest.mark.parametrize("missing", ["alg", "b64", "crit", "kid"])
def test_a_header_that_leaves_something_out_does_not_pass(missing: str) -> None:
    header = {name: value for name, value in HEADER.items() if name != missing}
    with pytest.raises(SignatureRefused):
        verify(sign(header=header), BODY, keys())


def test_an_unsigned_body_does_not_pass() -> None:
    head = coded(json.dumps(HEADER | {"alg": "none"}).encode())
    for unsigned in (f"{head}..", f"{head}..AA"):
        with pytest.raises(SignatureRefused):
            verify(unsigned, BODY, keys())


def test_a_hash_made_with_the_public_key_as_a_secret_does_not_pass() -> None:
    # given: the forger has only what the shop shows to everyone
    public = key_of("shop").public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = coded(json.dumps(HEADER | {"alg": "HS256"}).encode())
    digest = hmac.new(pem, head.encode() + b"." + BODY, hashlib.sha256).digest()

    # then
    with pytest.raises(SignatureRefused):
        verify(f"{head}..{coded(digest)}", BODY, keys())


def test_a_users_token_of_the_same_shop_vouches_for_no_body() -> None:
    # given: the shop signs its users' tokens with the key of its webhooks
    token = jwt.encode({"user": "1"}, key_of("shop"), algorithm="RS256", headers={"kid": "one"})
    head, _, signature = token.split(".")

    # then
    for forged in (token, f"{head}..{signature}"):
        with pytest.raises(SignatureRefused):
            verify(forged, BODY, keys())


def test_a_payload_inside_the_signature_is_refused_even_where_it_is_the_body() -> None:
    head = coded(json.dumps(HEADER).encode())
    attached = sign(payload=coded(BODY), over=f"{head}.{coded(BODY)}".encode())
    with pytest.raises(SignatureRefused, match="not a detached one"):
        verify(attached, BODY, keys())


@pytest.mark.parametrize(
    "garbage", ["", ".", "..", "a..b", "é..é", "x" * 5000, "{}..{}", "a.b.c.d", "\x00..\x00"]
)
def test_what_is_no_signature_does_not_pass(garbage: str) -> None:
    with pytest.raises(SignatureRefused):
        verify(garbage, BODY, keys())


def test_only_the_public_half_of_rsa_keys_is_kept() -> None:
    # given
    symmetric = {"kty": "oct", "kid": "three", "k": "c2VjcmV0"}
    shown = json.dumps({"keys": [published() | {"x5c": ["MII"], "d": "secret"}, symmetric]})

    # when
    kept = read_keys(shown.encode())

    # then
    assert [set(key.model_dump()) for key in kept.keys] == [{"kty", "kid", "n", "e"}]


@pytest.mark.parametrize(
    "shown",
    [
        b"",
        b"[]",
        b"{}",
        b'{"keys": []}',
        b'{"keys": [1]}',
        b'{"keys": [{"kty": "oct", "kid": "1", "k": "AA"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "1"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "\\u0000", "n": "AA", "e": "AQAB"}]}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_set_of_keys_is_refused(shown: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_keys(shown)


def test_a_key_that_is_no_key_lets_nothing_pass() -> None:
    with pytest.raises(SignatureRefused):
        verify(sign(), BODY, keys(published() | {"n": "AQAB"}))
