"""What a feed's document says, message by message, and the report about it.

Source: the element lists of OrderAcknowledgement.xsd and OrderAdjustment.xsd, and processing
reports shown in public, read 2026-11-20. The words of the errors are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

XML_ERROR = "5000"
CONTENT_ERROR = "18001"

ERROR = "Error"
WARNING = "Warning"
SUCCESS = "Success"
_MESSAGE_TYPES = {
    "POST_ORDER_ACKNOWLEDGEMENT_DATA": "OrderAcknowledgement",
    "POST_PAYMENT_ADJUSTMENT_DATA": "OrderAdjustment",
}
FEED_TYPES = frozenset(_MESSAGE_TYPES)


class MalformedFeedError(ValueError):
    """The document is not XML: Amazon cancels such a feed at once."""


class WrongFeedError(ValueError):
    """The document is XML, but not the feed it should be; the message says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a feed; `content` is its only element beside the number."""

    number: int
    content: etree._Element


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message; number 0 is about the document."""

    number: int
    result: str
    code: str = ""
    words: str = ""


def read_document(content: bytes) -> etree._Element:
    """The document's root.

    Raises:
        MalformedFeedError: it is not XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MalformedFeedError(str(error)) from error


def messages(root: etree._Element, *, feed_type: str, seller_id: str) -> list[Message]:
    """The messages of a document, in its order.

    Raises:
        WrongFeedError: it is no feed of this type and seller, or its numbers are unusable.
    """
    wanted = _MESSAGE_TYPES[feed_type]
    if root.tag != "AmazonEnvelope" or root.findtext("MessageType") != wanted:
        raise WrongFeedError(f"The document is not an envelope of {wanted} messages.")
    if root.findtext("Header/MerchantIdentifier") != seller_id:
        raise WrongFeedError("MerchantIdentifier is not the seller who sent the feed.")
    found = []
    for element in root.iterfind("Message"):
        number, content = element.findtext("MessageID") or "", element.find(wanted)
        if not (number.isascii() and number.isdigit() and int(number)) or content is None:
            raise WrongFeedError(f"A message has no number or no {wanted}.")
        found.append(Message(int(number), content))
    if len({message.number for message in found}) < len(found) or not found:
        raise WrongFeedError("A feed holds at least one message, and each number once.")
    return found


def report(feed_id: str, outcomes: Sequence[Outcome], *, processed: int, wordy: bool) -> bytes:
    """The processing report; only a wordy one lists what went well."""
    root = etree.Element("AmazonEnvelope")
    _add(etree.SubElement(root, "Header"), "DocumentVersion", "1.02")
    _add(root, "MessageType", "ProcessingReport")
    message = etree.SubElement(root, "Message")
    _add(message, "MessageID", "1")
    told = etree.SubElement(message, "ProcessingReport")
    _add(told, "DocumentTransactionID", feed_id)
    _add(told, "StatusCode", "Complete")
    errors = sum(outcome.result == ERROR for outcome in outcomes)
    summary = etree.SubElement(told, "ProcessingSummary")
    _add(summary, "MessagesProcessed", str(processed))
    _add(summary, "MessagesSuccessful", str(processed - errors))
    _add(summary, "MessagesWithError", str(errors))
    warnings = sum(outcome.result == WARNING for outcome in outcomes)
    _add(summary, "MessagesWithWarning", str(warnings))
    for outcome in outcomes:
        if outcome.result != SUCCESS or wordy:
            result = etree.SubElement(told, "Result")
            _add(result, "MessageID", str(outcome.number))
            _add(result, "ResultCode", outcome.result)
            _add(result, "ResultMessageCode", outcome.code)
            _add(result, "ResultDescription", outcome.words)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text
