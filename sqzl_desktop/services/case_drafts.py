"""案件草稿: a report or a step that somebody began and did not finish, with its photos."""

import base64
import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqzl_desktop.services import drafts
from sqzl_desktop.services.attachments import Ready
from sqzl_desktop.services.drafts import Draft
from sqzl_desktop.services.workspace import Workspace

REPORT = "case/report"
_PARTS = ("content", "media_type", "taken_at", "stem")


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """What was typed, by field, and the photos that were put beside it."""

    typed: Draft
    files: tuple[Ready, ...]


def of_step(case_id: str, step: str) -> str:
    """The name under which a step of a case is kept."""
    return f"case/{case_id}/{step}"


def keep(ws: Workspace, name: str, typed: Draft) -> None:
    """Keep what is typed."""
    drafts.keep(ws, name, typed)


def keep_photos(ws: Workspace, name: str, files: Sequence[Ready]) -> None:
    """Keep the photos; apart, for they are large and what is typed changes more often."""
    kept: Draft = {}
    for place, each in enumerate(files):
        taken_at = each.taken_at.isoformat() if each.taken_at else ""
        content = base64.b64encode(each.content).decode()
        values = (content, each.media_type, taken_at, each.stem)
        kept |= {f"{place}/{part}": value for part, value in zip(_PARTS, values, strict=True)}
    drafts.keep(ws, _photos(name), kept)


def find(ws: Workspace, name: str) -> Kept:
    """What there is of what was begun."""
    kept = drafts.find(ws, _photos(name))
    return Kept(drafts.find(ws, name), tuple(_file(kept, n) for n in range(len(kept) // 4)))


def drop(ws: Workspace, name: str) -> None:
    """It is done, or given up."""
    for each in (name, _photos(name)):
        drafts.drop(ws, each)


def _photos(name: str) -> str:
    return f"{name}/photos"


def _file(kept: Draft, place: int) -> Ready:
    content, media_type, taken_at, stem = (kept[f"{place}/{part}"] for part in _PARTS)
    moment = dt.datetime.fromisoformat(taken_at) if taken_at else None
    return Ready(base64.b64decode(content), media_type, moment, stem)
