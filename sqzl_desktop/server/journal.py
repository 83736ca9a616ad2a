"""日志: one JSON line per request and per event, without a single thing a resident owns."""

import datetime as dt
import json
import logging
import sys
from typing import Any

_requests = logging.getLogger(f"{__name__}.requests")


def start() -> None:
    """Send every log line of this process to standard error, as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def request(**facts: Any) -> None:
    """One answered request. `facts` are templates, numbers and codes of ours."""
    _requests.info("request", extra={"facts": facts})


class _Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line = {"time": at.isoformat(timespec="milliseconds"), "level": record.levelname}
        facts = getattr(record, "facts", None)
        if facts is None:
            line["message"] = record.getMessage()
            if record.exc_info and record.exc_info[0]:
                line["exception"] = record.exc_info[0].__name__
        return json.dumps(line if facts is None else {**line, **facts}, ensure_ascii=False)
