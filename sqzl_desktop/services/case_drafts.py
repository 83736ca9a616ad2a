"""上报草稿: a report that somebody began and did not finish, with its photos."""

import base64
import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqzl_desktop.services import drafts
from sqzl_desktop.services.attachments import Ready
from sqzl_desktop.services.drafts import Draft
from sqzl_desktop.services.workspace import Workspace

_TYPED, _PHOTOS = "case/report", "case/report/photos"
_PARTS = ("content", "media_type", "taken_at", "stem")


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """What was typed, by field, and the photos that were put beside it."""

    typed: Draft
    files: tuple[Ready, ...]


def keep(ws: Workspace, typed: Draft) -> None:
    """Keep what is typed."""
    drafts.keep(ws, _TYPED, typed)


def keep_photos(ws: Workspace, files: Sequence[Ready]) -> None:
    """Keep the photos; apart, for they are large and what is typed changes more often."""
    kept: Draft = {}
    for place, each in enumerate(files):
        taken_at = each.taken_at.isoformat() if each.taken_at else ""
        content = base64.b64encode(each.content).decode()
        values = (content, each.media_type, taken_at, each.stem)
        kept |= {f"{place}/{part}": value for part, value in zip(_PARTS, values, strict=True)}
    drafts.keep(ws, _PHOTOS, kept)


def find(ws: Workspace) -> Kept:
    """What there is of a report that was begun."""
    kept = drafts.find(ws, _PHOTOS)
    return Kept(drafts.find(ws, _TYPED), tuple(_file(kept, n) for n in range(len(kept) // 4)))


def drop(ws: Workspace) -> None:
    """It is reported, or given up."""
    for name in (_TYPED, _PHOTOS):
        drafts.drop(ws, name)


def _file(kept: Draft, place: int) -> Ready:
    content, media_type, taken_at, stem = (kept[f"{place}/{part}"] for part in _PARTS)
    moment = dt.datetime.fromisoformat(taken_at) if taken_at else None
    return Ready(base64.b64decode(content), media_type, moment, stem)
