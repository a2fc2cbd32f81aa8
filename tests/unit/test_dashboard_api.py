"""The parts of the dashboard's API that need no database."""

from zoneinfo import ZoneInfo

import pytest
from graphql import parse, validate

from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.entrypoints.dashboard_api import limits
from saleor_amazon_app.entrypoints.dashboard_api.places import parts_of, written
from saleor_amazon_app.entrypoints.dashboard_api.refusals import Refused
from saleor_amazon_app.entrypoints.dashboard_api.schema import schema
from saleor_amazon_app.ledger.buyer_words import words_in


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["Anna Müller"], ("anna", "muller")),
        (["ANNA", "anna"], ("anna",)),
        (["Großmann-Ångström, O'Neill"], ("grossmann", "angstrom", "o", "neill")),
        (["山田 太郎"], ("山田", "太郎")),
        (["Łukasz 3rd_Floor"], ("łukasz", "3rd", "floor")),
        (["…", ""], ()),
    ],
)
def test_words_are_compared_without_case_and_accents(
    texts: list[str], words: tuple[str, ...]
) -> None:
    assert words_in(texts) == words


def test_a_text_of_any_length_has_few_words() -> None:
    assert len(words_in([" ".join(map(str, range(10_000)))])) == 24


def refused(query: str) -> bool:
    return bool(validate(schema._schema, parse(query), [limits.CostLimit]))  # noqa: SLF001


@pytest.mark.parametrize(
    ("query", "is_refused"),
    [
        ("{ orders(first: 100) { nodes { id } } }", False),
        ("{ orders(first: 100) { nodes { id items { id } history { what } } } }", False),
        ("query A($n: Int) { orders(first: $n) { nodes { items { id } } } }", False),
        (
            "{ "
            + "".join(f"a{i}: orders {{ nodes {{ items {{ id }} }} }} " for i in range(20))
            + "}",
            True,
        ),
        ("{ orders { nodes { ...F } } } fragment F on Order { ...F }", False),
        (
            "query A($n: Int) { a: orders(first: $n) { nodes { ...F } } b: orders { nodes { ...F } "
            "} c: orders { nodes { ...F } } } fragment F on Order { items { id } history { at } "
            "parcels { reference } extraFields { key } buyer { name } outbox { id } }",
            True,
        ),
    ],
)
def test_a_request_costs_what_it_may_have_read(query: str, is_refused: bool) -> None:
    assert refused(query) is is_refused


def test_a_place_is_read_as_it_was_written() -> None:
    assert list(parts_of(written("a", None, 5, "ü"), count=4)) == ["a", None, 5, "ü"]


@pytest.mark.parametrize("cursor", ["", "x", "W10", "e30", "!!!", "é", "W" * 3000, written("a")])
def test_what_was_never_written_is_no_place(cursor: str) -> None:
    with pytest.raises(Refused):
        parts_of(cursor, count=2)


def test_every_marketplace_has_a_name_and_a_time_zone() -> None:
    assert {each.name for each in MARKETPLACES.values()} >= {"Amazon.com", "Amazon.co.uk"}
    assert len({each.name for each in MARKETPLACES.values()}) == len(MARKETPLACES)
    for each in MARKETPLACES.values():
        assert ZoneInfo(each.time_zone).key == each.time_zone
