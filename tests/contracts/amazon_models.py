"""Amazon's own models of its API, and what they say of a request; read where they lie."""

import json
import os
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from jsonschema import Draft4Validator

_BESIDE_THE_PROJECT = Path(__file__).parents[3] / "shared" / "contracts"


@cache
def amazon_model(name: str) -> dict[str, Any]:
    """One Swagger file; a run without the contracts skips, but not where CI judges."""
    folder = Path(os.environ.get("SALEOR_AMAZON_CONTRACTS", _BESIDE_THE_PROJECT))
    path = folder / "amazon" / name
    if not path.is_file():
        reason = f"Amazon's model {path} is not here; SALEOR_AMAZON_CONTRACTS names its folder"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    model: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return model


def described(model: dict[str, Any], operation: str) -> tuple[str, dict[str, Any]]:
    """The path of an operation and its description."""
    for path, verbs in model["paths"].items():
        for description in verbs.values():
            if isinstance(description, dict) and description.get("operationId") == operation:
                return path, description
    raise AssertionError(f"{operation} is not in the model")


def samples(model: dict[str, Any], operation: str, status: str = "200") -> list[dict[str, Any]]:
    """The answers Amazon's sandbox gives to a good request."""
    _, description = described(model, operation)
    cases = description["responses"][status]["x-amzn-api-sandbox"]["static"]
    return [case["response"] for case in cases]


def assert_allowed(request: httpx.Request, model: dict[str, Any], operation: str) -> None:
    """Asserts that the model describes this very request: path, names, kinds, values and body."""
    path, description = described(model, operation)
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
    assert model["paths"][path].get(request.method.lower()) is description
    bodies = [one["schema"] for one in description["parameters"] if one["in"] == "body"]
    assert bool(request.content) is bool(bodies)
    for schema in bodies:
        assert request.headers["content-type"] == "application/json"
        judge = Draft4Validator({**schema, "definitions": model["definitions"]})
        assert [error.message for error in judge.iter_errors(json.loads(request.content))] == []
    assert re.fullmatch(pattern, request.url.raw_path.decode().partition("?")[0])
    known = {one["name"]: one for one in description["parameters"] if one["in"] == "query"}
    sent = parse_qs(request.url.query.decode(), keep_blank_values=True, strict_parsing=bool(known))
    for name, values in sent.items():
        assert len(values) == 1, f"{name} is repeated: lists are joined by commas"
        _assert_value(values[0], known[name])


def _assert_value(value: str, parameter: dict[str, Any]) -> None:
    match parameter["type"]:
        case "array":
            parts = value.split(",")
            assert all(parts)
            assert len(parts) == len(set(parts)) <= parameter.get("maxItems", len(parts))
            allowed = parameter["items"].get("enum")
            assert allowed is None or set(parts) <= set(allowed)
        case "integer":
            assert str(int(value)) == value
        case _ if parameter.get("format") == "date-time":
            assert datetime.fromisoformat(value).tzinfo is not None
        case _:
            assert value
