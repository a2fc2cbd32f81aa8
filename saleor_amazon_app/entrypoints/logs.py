"""Logs for operators: one line an event, on standard error, ids only."""

import logging
import sys

import structlog


def set_up(*, as_json: bool = False) -> None:
    """Sets up logging for the process.

    Args:
        as_json: one JSON object a line, for machines; else lines for people.
    """
    # Their lines carry addresses with query strings.
    for library in ("httpx", "httpcore", "procrastinate"):
        logging.getLogger(library).setLevel(logging.WARNING)
    if as_json:
        ending: list[structlog.typing.Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    else:
        # A traceback without the values of variables: those may be a buyer's.
        plain = structlog.dev.plain_traceback
        ending = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
        ]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *ending,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
