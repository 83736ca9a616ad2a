"""案件用语: what a class is called, and which photos of a case show it before and after."""

import datetime as dt
import uuid

from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.kinds.attachment import Attachment
from sqzl_desktop.domain.kinds.case import Case

_DISPUTE = "05"
_VERSION_WITH_TIME = 7


def class_name(book: ClassBook, code: str, version: int | None = None) -> str:
    """市容环境／暴露垃圾: what the class of that code is called, under what; "" for none."""
    found = book.of(code, version)
    if found is None:
        return code
    above = book.of(found.parent) if found.parent else None
    return f"{above.name}／{found.name}" if above else found.name


def is_dispute(book: ClassBook, case: Case) -> bool:
    """Is it a dispute between people, by its category or its class?"""
    found = book.of(case.class_code, case.class_version)
    return _DISPUTE in (case.category, found.category if found else "")


def is_after(photo: Attachment, case: Case) -> bool:
    """Does a photo show what was done? Its caption says so, or that it came after the work began.

    When it was added is read from its id where it does not tell when it was taken.
    """
    if "处置前" in photo.caption:
        return False
    if "处置后" in photo.caption:
        return True
    begun = case.handling_at or case.fed_back_at or case.closed_at
    at = photo.taken_at or _added_at(photo.id)
    return begun is not None and at is not None and at >= begun


def _added_at(record_id: str) -> dt.datetime | None:
    try:
        known = uuid.UUID(record_id)
    except ValueError:
        return None
    if known.version != _VERSION_WITH_TIME:
        return None
    return dt.datetime.fromtimestamp((known.int >> 80) / 1000, dt.UTC)
