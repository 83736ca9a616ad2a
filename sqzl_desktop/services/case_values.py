"""案件文书内容: what the papers of a case say, gathered from the records, fit for paper.

Imported only when such a paper is drawn: it brings the whole of printing along.
"""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.text import mask
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.case_flow import pauses
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.case_party import CASE_PARTY, CaseParty
from sqzl_desktop.domain.kinds.community import Community
from sqzl_desktop.domain.limits import write
from sqzl_desktop.exchange import pictures
from sqzl_desktop.printing.case_parts import CasePaper, Party, Photo, Step
from sqzl_desktop.printing.disclosure import covered, somebody
from sqzl_desktop.services import attachments, case_rules, case_words, cases, elements
from sqzl_desktop.services.attachments import Kept
from sqzl_desktop.services.cases import Moment
from sqzl_desktop.services.notice_values import community_name
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

_TITLES = {
    "dispatch_order": "案件派遣单", "case_sheet": "案件办理单", "closing_record": "结案记录",
}  # fmt: skip
_SIDE = 800  # pixels: 150 dots per inch on a photo half as wide as the page
_MOST_PHOTOS = 4  # before, and as many after


@dataclasses.dataclass(frozen=True)
class _File:
    """A case with what lies beside it; `say` makes a text of it fit for paper."""

    ws: Workspace
    tx: sa.Connection
    case: Case
    parties: tuple[Party, ...]
    moments: tuple[Moment, ...]
    book: ClassBook

    def say(self, words: str) -> str:
        names = (self.case.reporter_name, *(each.name for each in self.parties))
        return covered(words, names)

    def label(self, name: str) -> str:
        """A coded field in words."""
        return elements.masked(CASE.column(name), getattr(self.case, name))

    def text(self, name: str) -> str:
        """A text field, fit for paper."""
        return self.say(getattr(self.case, name))

    def told(self, step: str, otherwise: str = "") -> tuple[str, ...]:
        """What each step of that name said, oldest first."""
        found = [
            f"{moment_text(each.at)}　{each.by}　{self.say(each.content)}".replace("\n", "；")
            for each in self.moments
            if each.step == step and each.at
        ]
        return tuple(found) or ((self.say(otherwise),) if otherwise else ())

    def last_by(self, step: str) -> str:
        """Who took the last step of that name."""
        return next((each.by for each in reversed(self.moments) if each.step == step), "")


def _paper(form: str, ws: Workspace, tx: sa.Connection, record: Any) -> CasePaper:
    case: Case = record
    moments = tuple(cases.timeline_in(ws, tx, case))
    file = _File(ws, tx, case, _parties(tx, case), moments, case_rules.of(tx).book)
    before, after, elsewhere = _photos(tx, case)
    is_dispute = case_words.is_dispute(file.book, case)
    community = records.get(tx, "community", case.community_id)
    return CasePaper(
        number=case.number,
        community=community_name(community) if isinstance(community, Community) else "",
        title="矛盾纠纷交办单" if is_dispute and form == "dispatch_order" else _TITLES[form],
        is_confirmed=changes.state_of(tx, "case", case.id) == "confirmed",
        printed_at=ws.clock.now().replace(second=0, microsecond=0),
        printed_by=ws.actor.name,
        is_dispute=is_dispute,
        before=tuple(map(_photo, before)),
        after=tuple(map(_photo, after)),
        photos_elsewhere=elsewhere,
        parties=file.parties,
        steps=tuple(_step(file, each) for each in file.moments),
        **_matter(file, is_dispute=is_dispute),
        **_handling(file),
        **_ending(file),
    )


def _matter(file: _File, *, is_dispute: bool) -> dict[str, Any]:
    case = file.case
    place = case.place or elements.titles_in(
        file.tx, "dwelling" if case.dwelling_id else "building",
        [case.dwelling_id or case.building_id],
    ).get(case.dwelling_id or case.building_id, "")  # fmt: skip
    return {
        "subject": file.text("title"),
        "state": file.label("state"),
        "class_name": case_words.class_name(file.book, case.class_code, case.class_version)
        or file.label("category"),
        "class_code": case.class_code,
        "category": file.label("category"),
        "source": file.label("source"),
        "urgency": _urgency(file),
        "scale": file.label("scale"),
        "grid": _title_and_code(file.tx, "grid", case.home_grid_id or case.grid_id),
        "place": mask(place, "address") if is_dispute else file.say(place),
        "coordinates": "" if is_dispute else _coordinates(case),
        "facility": _facility(file.tx, case.facility_id),
        "description": file.text("description"),
        "reporter": _reporter(case),
        "collector": f"上报人：{case.collector_name}" if case.collector_name else "",
        "reported_at": case.reported_at,
        "confirm_note": file.text("confirm_note"),
        "filing_note": file.text("filing_note"),
        "filed_at": case.filed_at,
    }


def _urgency(file: _File) -> str:
    """紧急（1工作日）: with the limit of the class."""
    case = file.case
    phases = file.book.phases(case.class_code, case.urgency, case.class_version)
    return file.label("urgency") + (f"（{write(phases)}）" if phases else "")


def _closing_condition(file: _File) -> str:
    found = file.book.of(file.case.class_code, file.case.class_version)
    return found.closing_condition if found else ""


def _handling(file: _File) -> dict[str, Any]:
    case = file.case
    kind = file.label("handler_kind")
    asked = moment_text(case.extension_until) if case.extension_until else ""
    words = (f"申请延至{asked}", file.text("extension_reason"), file.label("extension_state"),
             file.text("extension_note"))  # fmt: skip
    return {
        "handler": case.handler + (f"（{kind}）" if kind and kind not in case.handler else "")
        if case.handler
        else "",
        "co_handlers": tuple(filter(None, map(str.strip, case.co_handlers.splitlines()))),
        "dispatch_note": file.text("dispatch_note"),
        "closing_condition": _closing_condition(file),
        "dispatched_at": case.dispatched_at,
        "dispatched_by": file.last_by("dispatch"),
        "due_at": case.due_at,
        "due_before": case.due_before,
        "extension": "　".join(filter(None, words)) if case.extension_state else "",
        "pauses": _pauses(file),
        "returns": file.told("return", case.return_reason),
        "reworks": file.told("rework", case.rework_reason),
        "urges": file.told("urge", case.urge_note),
    }


def _ending(file: _File) -> dict[str, Any]:
    case = file.case
    texts = ("measures", "handled_by", "feedback", "check_note", "outcome",
             "dissatisfaction_reason", "callback_note")  # fmt: skip
    return {
        **{name: file.text(name) for name in texts},
        "fed_back_at": case.fed_back_at,
        "verified_at": case.verified_at,
        "verified_by": file.last_by("verify"),
        "close_kind": file.label("close_kind"),
        "closed_at": case.closed_at,
        "satisfaction": file.label("satisfaction"),
        "callback_at": case.callback_at,
    }


def _pauses(file: _File) -> tuple[str, ...]:
    spans = [
        f"{moment_text(begun)}至{moment_text(ended) if ended else '今'}"
        for begun, ended in pauses(file.case)
    ]
    if spans and file.case.park_reason:
        spans[-1] += f"：{file.text('park_reason')}"
    return tuple(spans)


def _parties(tx: sa.Connection, case: Case) -> tuple[Party, ...]:
    found = records.find(tx, "case_party", filters=[Filter("case_id", "=", case.id)])
    return tuple(_party(tx, each) for each in found if isinstance(each, CaseParty))


def _party(tx: sa.Connection, party: CaseParty) -> Party:
    """As registered with the case; what is empty there is taken from the resident named."""
    resident = records.get(tx, "resident", party.resident_id) if party.resident_id else None

    def value(name: str) -> str:
        own = str(getattr(party, name))
        return own or str(getattr(resident, name, "") or "")

    return Party(
        role=elements.masked(CASE_PARTY.column("role"), party.role),
        name=value("name"),
        id_number=mask(value("id_number"), "id_number"),
        phone=mask(value("phone"), "phone"),
        address=mask(party.address, "address"),
        is_minor=party.is_minor,
    )


def _step(file: _File, moment: Moment) -> Step:
    return Step(
        label=moment.label,
        by=moment.by,
        content="\n".join(_said(file, line) for line in moment.content.splitlines()),
        at=moment.at,
        made_at=None if moment.step == "report" else moment.made_at,
        is_pending=moment.is_pending,
    )


def _said(file: _File, line: str) -> str:
    """A line of a step; a class is told by its name, too."""
    name, _, value = line.partition("：")
    if name == CASE.column("class_code").label:
        return f"{name}：{case_words.class_name(file.book, value)}（{value}）"
    return file.say(line)


def _reporter(case: Case) -> str:
    if case.is_anonymous:
        return "匿名反映"
    return f"反映人：{somebody(case.reporter_name)}" if case.reporter_name else ""


def _title_and_code(tx: sa.Connection, kind: str, code: str) -> str:
    name = elements.titles_in(tx, kind, [code]).get(code, "") if code else ""
    return f"{name}（{code}）" if name else code


def _facility(tx: sa.Connection, facility_id: str) -> str:
    facility = records.get(tx, "facility", facility_id) if facility_id else None
    if facility is None:
        return ""
    code = elements.masked(BY_NAME["facility"].column("code"), getattr(facility, "code", ""))
    return f"{getattr(facility, 'name', '')}" + (f"（{code}）" if code else "")


def _coordinates(case: Case) -> str:
    if case.location is None:
        return ""
    east, north = case.location
    return f"东经{east:.4f}，北纬{north:.4f}"


def _photos(tx: sa.Connection, case: Case) -> tuple[Sequence[Kept], Sequence[Kept], int]:
    """Photos before and after, and how many there are beside."""
    found = attachments.photos_in(tx, "case", case.id)
    if case.event_id:
        found = [*attachments.photos_in(tx, "event", case.event_id), *found]
    here = [each for each in found if each.content]
    after = [each for each in here if case_words.is_after(each.attachment, case)]
    before = [each for each in here if each not in after]
    shown = before[:_MOST_PHOTOS], after[-_MOST_PHOTOS:]
    return *shown, len(found) - len(shown[0]) - len(shown[1])


def _photo(kept: Kept) -> Photo:
    taken = moment_text(kept.attachment.taken_at) if kept.attachment.taken_at else ""
    return Photo(
        jpeg=pictures.thumbnail(kept.content or b"", _SIDE),
        sha256=kept.attachment.sha256,
        caption=covered("　".join(filter(None, (taken, kept.attachment.caption)))),
    )


GATHERERS: dict[str, Callable[[Workspace, sa.Connection, Any], CasePaper]] = {
    form: functools.partial(_paper, form) for form in _TITLES
}
