"""人员行: the cells of one row as the values of a resident, with what is doubtful about them."""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from sqzl_desktop.base import identity, text
from sqzl_desktop.domain.kinds.resident import CITIZEN_CARD, RESIDENT
from sqzl_desktop.exchange import cells
from sqzl_desktop.exchange.headings import Headings
from sqzl_desktop.exchange.rows import PlannedRow, Problem, parsed
from sqzl_desktop.schema import check
from sqzl_desktop.schema.codec import CodeLists, Unreadable
from sqzl_desktop.schema.fields import Value

_OWN_RULES = frozenset(("name", "sex", "id_type", "id_number", "born_on", "phone", "relation"))
_OTHER_DOCUMENT = re.compile("[HM][0-9]{8,10}|[A-Z]{1,2}[0-9]{6,8}")
_TWO_PHONES = re.compile(r"[/、,;，；\n]|\s{2,}")
_FAULT_REASONS = {"birth": "id_birth", "future": "id_birth", "signs": "id_format"}


@dataclasses.dataclass
class Draft:
    """A row while it is read: values so far, and what there is to say about them."""

    written: dict[str, str]
    headings: Headings
    lists: CodeLists
    today: dt.date
    values: dict[str, Value] = dataclasses.field(default_factory=dict)
    warnings: list[str] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    reject: str = ""
    review: str = ""

    def cell(self, field: str) -> str:
        """What is written for a field, clean; "" where it says that there is nothing."""
        cell = text.line(self.written.get(field))
        return "" if cells.says_nothing(cell) else cell

    def refuse(self, reason: str, field: str, sentence: str) -> None:
        """The row cannot be imported; the first reason stands."""
        self.reject = self.reject or reason
        self._say(field, sentence)

    def ask(self, reason: str, field: str, sentence: str) -> None:
        """A person has to look at the row; the first reason stands."""
        self.review = self.review or reason
        self._say(field, sentence)

    def warn(self, word: str, field: str, sentence: str) -> None:
        """The row can be imported, but something about it should be known."""
        if word not in self.warnings:
            self.warnings.append(word)
        self._say(field, sentence)

    def planned(self, number: int) -> PlannedRow:
        """What has been decided."""
        reason = self.reject or self.review
        return PlannedRow(
            number=number,
            action="reject" if self.reject else "review" if self.review else "accept",
            reason=reason,
            values=self.values,
            warnings=tuple(self.warnings),
            problems=tuple(self.problems),
        )

    def _say(self, field: str, sentence: str) -> None:
        label = self.headings.label(field)
        if not label and field in RESIDENT.known:
            label = RESIDENT.column(field).label
        self.problems.append(Problem(label, self.written.get(field, ""), sentence))


def read_person(draft: Draft) -> None:
    """Fill in the values of a resident, refusing or doubting what has to be."""
    _read_document(draft)
    draft.values["name"] = cells.person_name(draft.cell("name"))
    if not draft.values["name"]:
        draft.refuse("name_missing", "name", "请填写姓名")
    _read_sex(draft)
    _read_birth(draft)
    _read_phone(draft)
    _read_code(draft, "relation", cells.RELATION_WORDS)
    for column in RESIDENT.columns:
        if column.name in draft.written and column.name not in _OWN_RULES:
            _read_other(draft, column.name)
    _drop_what_cannot_be_saved(draft)


def _read_document(draft: Draft) -> None:
    if "id_type" in draft.written:
        _read_code(draft, "id_type", cells.DOCUMENT_WORDS)
    if "id_number" not in draft.written:
        return
    number = identity.normal_id_number(draft.cell("id_number"))
    if draft.values.get("id_type") in (None, "", CITIZEN_CARD):
        _read_citizen_number(draft, number)
    elif number:
        draft.values["id_number"] = number
        sentence = identity.document_problem(str(draft.values["id_type"]), number)
        if sentence:
            draft.refuse("id_document", "id_number", sentence)
    else:
        draft.warn("id_missing", "id_number", "没有证件号码，导入后请补上")


def _read_citizen_number(draft: Draft, number: str) -> None:
    fault = identity.id_number_fault(number, today=draft.today)
    if fault in ("missing", "no_number"):
        draft.values["id_number"] = ""
        draft.warn("id_missing", "id_number", "没有身份证号，导入后请补上")
        return
    draft.values["id_number"] = number
    if fault:
        sentence = identity.id_number_problem(number, today=draft.today)
        if _OTHER_DOCUMENT.fullmatch(number):
            fault, sentence = "other", "像是护照或通行证号，请在表中加一列“证件类型”写明"
        draft.refuse(_FAULT_REASONS.get(fault, f"id_{fault}"), "id_number", sentence)
        return
    draft.values["id_type"] = CITIZEN_CARD
    if len(re.sub("[^0-9]", "", text.clean(draft.written["id_number"]))) == 15:
        draft.warn("id_15_upgraded", "id_number", "15位旧号码，已补成18位，请与证件核对")
    doubt = identity.id_number_doubt(number)
    if doubt:
        draft.warn("id_doubtful", "id_number", doubt)


def _citizen_number(draft: Draft) -> str:
    """The ID number where it can be relied on, else ""."""
    right = draft.values.get("id_type") == CITIZEN_CARD and not draft.reject
    return str(draft.values.get("id_number", "")) if right else ""


def _read_sex(draft: Draft) -> None:
    if "sex" in draft.written:
        _read_code(draft, "sex", cells.SEX_WORDS)
    in_number = identity.sex_of(_citizen_number(draft))
    typed = draft.values.get("sex", "")
    if not in_number:
        return
    draft.values["sex"] = in_number
    if typed in ("1", "2") and typed != in_number:
        draft.ask("sex_conflicts_id", "sex", "与身份证号不符，已用身份证号上的性别，请核对")


def _read_birth(draft: Draft) -> None:
    typed = draft.cell("born_on")
    in_number = identity.born_on(_citizen_number(draft))
    found = cells.day(typed)
    if found and found > draft.today:
        found = None
    if in_number:
        draft.values["born_on"] = in_number
        if found and found != in_number:
            draft.ask(
                "birth_conflicts_id", "born_on", "与身份证号不符，已用身份证号上的日期，请核对"
            )
        elif typed and not found and not cells.is_part_of_day(typed, in_number):
            draft.ask("birth_invalid_use_id", "born_on", "不是日期，已用身份证号上的日期，请核对")
        return
    if "born_on" in draft.written:
        draft.values["born_on"] = found
        if typed and not found:
            draft.warn("birth_invalid", "born_on", "不是完整的日期，请写成 1985-03-02")


def _read_phone(draft: Draft) -> None:
    if "phone" not in draft.written:
        return
    typed = draft.cell("phone")
    draft.values["phone"] = ""
    if not typed:
        return
    sentence = identity.phone_problem(typed)
    if not sentence:
        draft.values["phone"] = identity.normal_phone(typed)
        return
    right = [part for part in _TWO_PHONES.split(typed) if not identity.phone_problem(part)]
    if right:
        draft.values["phone"] = identity.normal_phone(right[0])
        draft.warn("phone_first_of_two", "phone", "一格里有两个号码，只导入了第一个")
    else:
        draft.warn("phone_invalid", "phone", f"{sentence}；本行导入时电话留空")


def _read_code(draft: Draft, field: str, words: Mapping[str, str]) -> None:
    if field not in draft.written:
        return
    typed = draft.cell(field)
    found = draft.lists(RESIDENT.column(field).facts.codes).find(typed) if typed else ""
    draft.values[field] = found or words.get(text.fold(typed), "")
    if typed and not draft.values[field]:
        draft.warn(f"{field}_unknown", field, "不在代码表中，导入时留空，请改成表中的名称")


def _read_other(draft: Draft, field: str) -> None:
    column = RESIDENT.column(field)
    try:
        draft.values[field] = parsed(column, draft.cell(field), draft.lists)
    except Unreadable as error:
        draft.values[field] = column.default
        draft.warn(f"{field}_unknown", field, f"{error}；导入时留空")


def _drop_what_cannot_be_saved(draft: Draft) -> None:
    """The last gate: what is accepted here must pass the check that every record passes."""
    if draft.reject:
        return
    values: dict[str, Any] = {
        field: value for field, value in draft.values.items() if field in RESIDENT.known
    }
    found = check.problems(
        RESIDENT, RESIDENT.record(**values), lists=draft.lists, today=draft.today
    )
    for field, sentence in found.items():
        if field in ("name", "id_number"):
            draft.refuse(f"{field}_invalid", field, sentence)
        elif field != "grid_id":
            draft.values[field] = RESIDENT.column(field).default
            draft.warn(f"{field}_dropped", field, f"{sentence}；导入时留空")
