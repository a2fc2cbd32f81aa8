"""How a document is put together before it is sent."""

from pathlib import Path

import pytest

from saleor_amazon_app.saleor.documents import assemble, locate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Documents of a test's own, as they lie in an installed package."""
    for kind in ("queries", "mutations", "fragments"):
        (tmp_path / "package" / "graphql" / kind).mkdir(parents=True)
    return tmp_path / "package" / "graphql"


def test_an_operation_carries_each_fragment_it_needs_once(folder: Path) -> None:
    # given
    (folder / "queries/Two.graphql").write_text("query Two { a { ...A ...B } }")
    (folder / "fragments/A.graphql").write_text("fragment A on X { id b { ...B ...C } }")
    (folder / "fragments/B.graphql").write_text("fragment B on Y { id }")
    (folder / "fragments/C.graphql").write_text("fragment C on Y { id }")
    (folder / "fragments/D.graphql").write_text("fragment D on Y { id }")

    # when
    two = assemble(folder, "Two")

    # then
    assert " ".join(two.text.split()) == (
        "query Two { a { ...A ...B } } fragment A on X { id b { ...B ...C } } "
        "fragment B on Y { id } fragment C on Y { id }"
    )
    assert (two.name, two.is_mutation, two.since) == ("Two", False, None)


def test_the_first_line_tells_which_host_knows_it(folder: Path) -> None:
    # given
    (folder / "mutations/New.graphql").write_text("# since 3.22\nmutation New { a }")

    # when
    new = assemble(folder, "New", count=2)

    # then
    assert (new.is_mutation, new.since) == (True, (3, 22))


def test_a_batch_numbers_aliases_and_variables_everywhere(folder: Path) -> None:
    # given
    (folder / "mutations/Do.graphql").write_text(
        "mutation Do($id: ID!, $on: Int = 1) { do(id: $id, i: { on: [$on] }) { x(on: $on) ...A } }"
    )
    (folder / "fragments/A.graphql").write_text("fragment A on X { id }")

    # when
    twice = assemble(folder, "Do", count=2)

    # then
    assert " ".join(twice.text.split()) == (
        "mutation Do($id_0: ID!, $on_0: Int = 1, $id_1: ID!, $on_1: Int = 1) {"
        " o0: do(id: $id_0, i: { on: [$on_0] }) { x(on: $on_0) ...A }"
        " o1: do(id: $id_1, i: { on: [$on_1] }) { x(on: $on_1) ...A } }"
        " fragment A on X { id }"
    )


def test_an_operation_with_several_roots_cannot_be_batched(folder: Path) -> None:
    # given
    (folder / "queries/Both.graphql").write_text("query Both { a b }")

    # when / then
    with pytest.raises(ValueError, match="too many values"):
        assemble(folder, "Both", count=2)


@pytest.mark.parametrize("name", ["Nothing", "Loose"])
def test_what_does_not_exist_is_named(folder: Path, name: str) -> None:
    # given
    (folder / "queries/Loose.graphql").write_text("query Loose { a { ...Nothing } }")

    # when / then
    with pytest.raises(FileNotFoundError, match="Nothing"):
        assemble(folder, name)


def test_files_are_found_in_the_package_and_beside_a_checkout(folder: Path) -> None:
    # given
    package = folder.parent
    beside = package.parent / "manifest.json"
    beside.write_text("{}")

    # then
    assert locate("graphql", package=package) == folder
    assert locate("manifest.json", package=package) == beside


def test_an_incomplete_installation_is_noticed(folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"manifest\.json is neither in"):
        locate("manifest.json", package=folder.parent)
