"""Rules of the pages that hold without Node: their words, their questions, their sizes."""

import json
import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

_WEB = Path(__file__).parents[2] / "web"
_SOURCES = sorted(
    path for path in (_WEB / "src").rglob("*.ts*") if not path.name.endswith(".gen.d.ts")
)
_LANGUAGES = ["en", "fr", "it", "nl"]
_LONGEST = 250
_PLURALS = ("_one", "_other")
_DOCUMENT = re.compile(r"graphql\(\s*`([^`]*)`")
# A key is a whole string, or the beginning of one: `status.${status}`.
_TEXT = re.compile(r"\"([\w.-]+)\"|`([\w.-]+)(?:`|\$\{)")


def catalogue(language: str) -> dict[str, str]:
    path = _WEB / "src" / "messages" / f"{language}.json"
    pairs: list[tuple[str, str]] = json.loads(path.read_text(), object_pairs_hook=list)
    keys = [key for key, _ in pairs]
    assert keys == sorted(set(keys)), f"{path.name} is not sorted, or names a key twice"
    return dict(pairs)


def bare(key: str) -> str:
    for ending in _PLURALS:
        key = key.removesuffix(ending)
    return key


def blanks(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", message))


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_language_says_everything_with_the_same_blanks(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)

    assert other.keys() == english.keys()
    assert [key for key in english if blanks(english[key]) != blanks(other[key])] == []
    assert [key for key in other if not other[key].strip()] == []


def test_a_plural_has_both_its_forms() -> None:
    keys = catalogue("en").keys()

    plurals = {bare(key) for key in keys if key.endswith(_PLURALS)}

    assert {form + end for form in plurals for end in _PLURALS} <= keys


def test_every_message_is_said_somewhere() -> None:
    whole: set[str] = set()
    beginnings: set[str] = set()
    for path in _SOURCES:
        for found in _TEXT.finditer(path.read_text()):
            (beginnings if found[0].endswith("${") else whole).add(found[1] or found[2])
    ends = tuple(each for each in beginnings if each.endswith("."))

    unsaid = [
        key
        for key in catalogue("en")
        if bare(key) not in whole and not (ends and key.startswith(ends))
    ]

    assert unsaid == []


def test_everything_said_is_in_the_catalogue() -> None:
    keys = {bare(key) for key in catalogue("en")}

    said = [
        (path.name, key)
        for path in _SOURCES
        for key in re.findall(r"\bsay\(\s*\"([^\"]+)\"", path.read_text())
    ]

    assert said
    assert [one for one in said if one[1] not in keys] == []


@pytest.mark.parametrize("path", _SOURCES, ids=lambda path: str(path.relative_to(_WEB / "src")))
def test_pages_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= _LONGEST


def test_every_document_is_valid() -> None:
    """Fragments are given by name in the code, so each file's are checked with all others'."""
    schema = build_schema((_WEB / "schema.graphql").read_text())
    documents = [
        (path, source) for path in _SOURCES for source in _DOCUMENT.findall(path.read_text())
    ]
    fragments = {
        name: source
        for _, source in documents
        for name in re.findall(r"^\s*fragment (\w+) on", source, re.MULTILINE)
    }

    wrong = [
        f"{path.relative_to(_WEB)}: {error.message}"
        for path, source in documents
        for error in validate(schema, parse(_with_fragments(source, fragments)))
        if "is never used" not in error.message
    ]

    assert documents
    assert wrong == []


def _with_fragments(source: str, fragments: dict[str, str]) -> str:
    parts, names = [source], re.findall(r"\.\.\.\s*(\w+)", source)
    while names:
        name = names.pop()
        if name == "on" or fragments[name] in parts:
            continue
        parts.append(fragments[name])
        names += re.findall(r"\.\.\.\s*(\w+)", fragments[name])
    return "\n".join(parts)


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((_WEB / "package-lock.json").read_text())

    assert [name for name, one in lock["packages"].items() if "resolved" in one] == []
