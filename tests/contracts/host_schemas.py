"""The host's schemas, as they were published for each version."""

import os
from functools import lru_cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

HOSTS = ((3, 21), (3, 22), (3, 23))
_BESIDE = Path(__file__).parents[3] / "shared" / "contracts"


@lru_cache
def schema_of(host: tuple[int, int]) -> GraphQLSchema:
    """The schema of one version; without it the test is skipped, on CI it fails."""
    folder = Path(os.environ.get("SALEOR_AMAZON_CONTRACTS", _BESIDE))
    path = folder / "saleor" / f"schema-{host[0]}.{host[1]}.graphql"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is missing")
    return build_schema(path.read_text(encoding="utf-8"), assume_valid=True)
