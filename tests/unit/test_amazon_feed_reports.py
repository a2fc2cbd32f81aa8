"""Processing reports: what they say, what their silence says, and what is none."""

import pytest

from saleor_amazon_app.amazon.feed_reports import (
    ReportRow,
    Result,
    UnreadableReportError,
    parse_report,
)


def row(message_id: object, result: str, code: str = "", words: str = "") -> str:
    return (
        f"<Result><MessageID>{message_id}</MessageID><ResultCode>{result}</ResultCode>"
        f"<ResultMessageCode>{code}</ResultMessageCode>"
        f"<ResultDescription>{words}</ResultDescription></Result>"
    )


def report(
    *rows: str, processed: object = 3, successful: int = 3, errors: int = 0, before: str = ""
) -> bytes:
    return (
        f"{before}<AmazonEnvelope><MessageType>ProcessingReport</MessageType>"
        "<Message><MessageID>1</MessageID><ProcessingReport><StatusCode>Complete</StatusCode>"
        f"<ProcessingSummary><MessagesProcessed>{processed}</MessagesProcessed>"
        f"<MessagesSuccessful>{successful}</MessagesSuccessful>"
        f"<MessagesWithError>{errors}</MessagesWithError>"
        "<MessagesWithWarning>0</MessagesWithWarning></ProcessingSummary>"
        f"{''.join(rows)}</ProcessingReport></Message></AmazonEnvelope>"
    ).encode()


def test_every_row_keeps_amazons_words() -> None:
    found = parse_report(
        report(
            row(7, "Error", "18028", "Order is shipped &amp; gone"),
            row(8, "Warning", "99", " Late "),
            row(9, "Success"),
            successful=2,
            errors=1,
        )
    )

    assert found.rows == {
        7: ReportRow(Result.ERROR, "18028", "Order is shipped & gone"),
        8: ReportRow(Result.WARNING, "99", "Late"),
        9: ReportRow(Result.SUCCESS),
    }
    assert (found.processed, found.successful, found.with_errors) == (3, 2, 1)


def test_the_worst_of_several_rows_counts() -> None:
    found = parse_report(
        report(
            row(7, "Warning", "1"), row(7, "Error", "2"), row(7, "Success"), row(7, "Error", "3")
        )
    )

    assert found.rows == {7: ReportRow(Result.ERROR, "2")}


def test_silence_about_a_message_is_success_where_the_sums_agree() -> None:
    all_well = parse_report(report())
    partly = parse_report(report(row(7, "Error", "1", "no"), successful=2, errors=1))

    assert all_well.of(7) == ReportRow(Result.SUCCESS)
    assert partly.of(7) == ReportRow(Result.ERROR, "1", "no")
    assert partly.of(8) == ReportRow(Result.SUCCESS)


@pytest.mark.parametrize(
    ("_case", "content"),
    [
        ("errors it does not list", report(successful=2, errors=1)),
        ("fewer done than read", report(successful=1)),
        ("nothing read", report(processed=0, successful=0)),
        (
            "more errors listed than counted",
            report(row(1, "Error"), row(2, "Error"), successful=2, errors=1),
        ),
        (
            "all in error but one counted",
            report(row(1, "Error"), processed=1, successful=0, errors=1),
        ),
    ],
)
def test_silence_says_nothing_where_the_sums_do_not_agree(_case: str, content: bytes) -> None:
    assert parse_report(content).of(7) is None


def test_an_error_of_the_whole_document_is_every_messages() -> None:
    found = parse_report(
        report(row(0, "Error", "5000", "XML Parsing Error"), processed=3, successful=0, errors=2)
    )

    assert found.of(7) == ReportRow(Result.ERROR, "5000", "XML Parsing Error")


def test_other_encodings_are_read() -> None:
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    content = report(row(7, "Error", "1", "Größe"), before=declared)

    found = parse_report(content.decode().encode("latin-1"))

    assert found.rows[7].description == "Größe"


@pytest.mark.parametrize(
    ("_case", "content"),
    [
        ("nothing", b""),
        ("not XML", b"{}"),
        ("a page", b"<html><body/></html>"),
        ("cut off", report()[:-9]),
        ("a feed, not a report", b"<AmazonEnvelope><Message/></AmazonEnvelope>"),
        ("no sums", report().replace(b"ProcessingSummary", b"Sums")),
        ("sums that are none", report(processed="three")),
        ("a sum below nothing", report(processed=-1)),
        ("a sum in other digits", report(processed="٣")),
        ("a row about no message", report(row("", "Error"))),
        ("a result nobody knows", report(row(7, "Perhaps"))),
        ("no result", report(row(7, ""))),
    ],
)
def test_what_is_no_report_is_said(_case: str, content: bytes) -> None:
    with pytest.raises(UnreadableReportError):
        parse_report(content)


@pytest.mark.parametrize(
    "definitions",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://inside.test/x.dtd">',
    ],
)
def test_a_report_that_brings_definitions_is_not_read(definitions: str) -> None:
    content = report(row(7, "Error", "1", "words"), before=definitions)

    with pytest.raises(UnreadableReportError, match="definitions"):
        parse_report(content)
