"""Reads what became of a feed: the processing report, message by message.

A feed that is done has not succeeded; only its report says so. A report often lists nothing but
what went wrong, so that silence about a message is success, if the sums of the report agree.

Source: processing reports in the feeds use case guide of developer-docs.amazon.com/sp-api and
reports shown in public, read 2026-11-20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

# A row about the document as a whole, such as XML that could not be read.
_WHOLE_DOCUMENT = 0


class UnreadableReportError(ValueError):
    """What came is no processing report; the message says why."""


class Result(StrEnum):
    """What became of a message; in ascending order of trouble."""

    SUCCESS = "Success"
    WARNING = "Warning"
    ERROR = "Error"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What Amazon says of one message.

    Attributes:
        code: Amazon's number of the error or warning.
        description: Amazon's own words.
    """

    result: Result
    code: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessingReport:
    """What Amazon says of a feed.

    Attributes:
        rows: by our number of the message; of several about one message, the worst.
        processed: how many messages Amazon read.
        successful: how many were carried out.
        with_errors: how many were not.
    """

    rows: Mapping[int, ReportRow]
    processed: int
    successful: int
    with_errors: int

    def of(self, message_id: int) -> ReportRow | None:
        """What became of a message that was in the feed.

        None means that the report does not say: it neither lists the message nor accounts for
        all its errors, and only reading the order can tell.
        """
        whole = self.rows.get(_WHOLE_DOCUMENT)
        listed = self.rows.get(message_id)
        if listed or (whole and whole.result is Result.ERROR):
            return listed or whole
        errors = sum(row.result is Result.ERROR for row in self.rows.values())
        if errors == self.with_errors and self.successful + errors >= self.processed > errors:
            return ReportRow(Result.SUCCESS)
        return None


def parse_report(content: bytes) -> ProcessingReport:
    """Reads a processing report.

    Raises:
        UnreadableReportError: it is none, or it is dangerous to read.
    """
    report = _root(content).find("Message/ProcessingReport")
    if report is None:
        raise UnreadableReportError("it holds no ProcessingReport")
    rows: dict[int, ReportRow] = {}
    for result in report.iterfind("Result"):
        message_id = _number(result, "MessageID")
        row = _row(result)
        known = rows.get(message_id)
        if known is None or _trouble(row) > _trouble(known):
            rows[message_id] = row
    summary = report.find("ProcessingSummary")
    if summary is None:
        raise UnreadableReportError("it holds no ProcessingSummary")
    return ProcessingReport(
        rows,
        processed=_number(summary, "MessagesProcessed"),
        successful=_number(summary, "MessagesSuccessful"),
        with_errors=_number(summary, "MessagesWithError"),
    )


def _root(content: bytes) -> etree._Element:
    """The document, read without entities and without the network."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableReportError("it is not XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableReportError("it brings definitions of its own")
    return root


def _row(result: etree._Element) -> ReportRow:
    said = _text(result, "ResultCode")
    try:
        kind = Result(said or "")
    except ValueError as error:
        # A result nobody has heard of must not pass for a success.
        raise UnreadableReportError(f"{said!r} is no result") from error
    return ReportRow(kind, _text(result, "ResultMessageCode"), _text(result, "ResultDescription"))


def _trouble(row: ReportRow) -> int:
    return list(Result).index(row.result)


def _text(parent: etree._Element, name: str) -> str | None:
    return (parent.findtext(name) or "").strip() or None


def _number(parent: etree._Element, name: str) -> int:
    text = _text(parent, name) or ""
    if not (text.isascii() and text.isdigit()):
        raise UnreadableReportError(f"{name} is no number")
    return int(text)
