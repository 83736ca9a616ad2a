"""文书: gather what a form says, draw it, keep a line about every printing."""

import base64
import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import COMMUNITY_DIGITS, allows
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.notice import Notice
from sqzl_desktop.services import elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, changes

if TYPE_CHECKING:
    from sqzl_desktop.printing.case_parts import CasePaper
    from sqzl_desktop.printing.form import Form
    from sqzl_desktop.printing.forms.building_sheet import BuildingSheet
    from sqzl_desktop.printing.forms.consultation_notice import ConsultationNotice
    from sqzl_desktop.printing.forms.monthly_report import MonthlyReport

    _Values = ConsultationNotice | BuildingSheet | CasePaper | MonthlyReport


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """A drawn form: the PDF, and what it is filed under."""

    form: str
    pdf: bytes
    number: str
    title: str
    check_code: str


def preview(ws: Workspace, form: str, record_id: str) -> Paper:
    """Draw a form of a record, or of PLACE@MONTH. Invalid names what is still to be filled in."""
    found = _form(form)
    gatherers = _gatherers()
    with ws.store.read() as tx:
        record = record_id if found.of_place else elements.wanted(tx, found.kind, record_id)
        values = gatherers[form](ws, tx, record)
    return _drawn(found, values)


def print_form(ws: Workspace, form: str, record_id: str) -> Paper:
    """Draw a form to be printed or saved; the printing is kept and audited."""
    found = _form(form)
    if not allows(ws.actor, "print", BY_NAME[found.kind]):
        raise Refused("您的岗位不能打印文书，请联系社区负责人")
    paper = preview(ws, form, record_id)
    with ws.store.write() as tx:
        line = Notice(
            community_id=_community(tx, found, record_id),
            number=paper.number,
            form=form,
            title=paper.title,
            consultation_id=record_id if found.kind == "consultation" else "",
            printed_at=ws.clock.now().replace(microsecond=0),
            printed_by=ws.actor.name,
            check_code=paper.check_code,
            content_hash=hashlib.sha256(paper.pdf).hexdigest(),
        )
        put(ws, changes.Action(tx, ws.clock.now()), line, BY_NAME["notice"])
        audit.note(tx, ws.clock.now(), ws.actor.account, "print", (found.kind, record_id, form))
    return paper


def _community(tx: sa.Connection, form: "Form[Any]", record_id: str) -> str:
    if form.of_place:
        return record_id[:COMMUNITY_DIGITS]
    return elements.wanted(tx, form.kind, record_id).community_id


def _forms() -> "tuple[Form[Any], ...]":
    from sqzl_desktop.printing.forms import FORMS  # slow: reportlab and its fonts

    return FORMS


def _gatherers() -> dict[str, Any]:
    # slow: printing comes along
    from sqzl_desktop.services import building_values, case_values, month_values, notice_values

    modules = (notice_values, building_values, case_values, month_values)
    return {name: each for module in modules for name, each in module.GATHERERS.items()}


def _form(name: str) -> "Form[Any]":
    for form in _forms():
        if form.name == name:
            return form
    known = "、".join(f"{form.name}（{form.label}）" for form in _forms())
    raise Refused(f"没有名为“{name}”的文书，可用的文书：{known}")


def _drawn(form: "Form[Any]", values: "_Values") -> Paper:
    seed = hashlib.blake2b(repr(values).encode(), digest_size=5).digest()
    code = base64.b32encode(seed).decode()
    pdf = form.render(dataclasses.replace(values, check_code=code))
    return Paper(form.name, pdf, values.number, values.community + values.title, code)
