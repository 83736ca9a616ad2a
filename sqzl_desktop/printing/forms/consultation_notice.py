"""协商会议通知: calls the parties to a consultation and makes its topic public."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.printing import blocks, disclosure, tables
from sqzl_desktop.printing.fonts import BUNDLED, FontSet, Role
from sqzl_desktop.printing.form import Form
from sqzl_desktop.printing.ink import Rule, Span
from sqzl_desktop.printing.page import WIDTH, Imprint, Strip, compose, keep_tail
from sqzl_desktop.printing.wording import clause, day, moment, period, sentence


@dataclass(frozen=True, kw_only=True)
class ConsultationNotice:
    """Everything the notice says; texts as they are to be read by the public."""

    number: str = field(metadata={"label": "编号"})
    community: str = field(metadata={"label": "社区名称"})
    title: str = field(metadata={"label": "标题"})
    addressees: tuple[str, ...] = field(metadata={"label": "主送"})
    topic: str = field(metadata={"label": "议题名称"})
    scope: str = field(metadata={"label": "涉及范围"})
    reason: str = field(metadata={"label": "事由"})
    proposer: str = field(metadata={"label": "提出人"})
    review: str = field(metadata={"label": "审核结论"})
    not_listed: str = field(default="", metadata={"label": "未列入事项及理由"})
    main_points: tuple[str, ...] = field(default=(), metadata={"label": "协商要点"})
    form: str = field(metadata={"label": "协商形式"})
    held_at: dt.datetime = field(metadata={"label": "会议时间"})
    place: str = field(metadata={"label": "会议地点"})
    host: str = field(metadata={"label": "主持人"})
    convenor: str = field(metadata={"label": "召集人"})
    participants: tuple[tuple[str, int], ...] = field(metadata={"label": "参会方和人数"})
    observer_seats: int = field(default=0, metadata={"label": "旁听席"})
    sign_up: str = field(default="", metadata={"label": "报名办法"})
    delegation: str = field(metadata={"label": "委托办法"})
    quorum: str = field(default="", metadata={"label": "到会要求"})
    materials: tuple[str, ...] = field(default=(), metadata={"label": "会前材料"})
    opinions_until: dt.datetime = field(metadata={"label": "意见截止时间"})
    opinion_channels: str = field(metadata={"label": "意见提交方式"})
    objections: str = field(metadata={"label": "异议渠道"})
    contact_person: str = field(metadata={"label": "联系人"})
    contact_phone: str = field(metadata={"label": "联系电话"})
    supervision_phone: str = field(metadata={"label": "监督电话"})
    posted_from: dt.date = field(metadata={"label": "公示开始日期"})
    posted_until: dt.date = field(metadata={"label": "公示结束日期"})
    issuer: str = field(metadata={"label": "署名"})
    issued_on: dt.date = field(metadata={"label": "成文日期"})
    check_code: str = field(default="", metadata={"label": "核对码"})
    is_confirmed: bool = field(default=True, metadata={"label": "编号已确认"})
    shows_seal_place: bool = field(default=False, metadata={"label": "标出盖章处"})
    posting_record: bool = field(default=False, metadata={"label": "存档联"})


_FILES_KEPT = 8  # attachment lines that stay with the signature
_OFFICE_PHONES = ("contact_phone", "supervision_phone", "number", "check_code")
_MUST_SAY = (
    "number", "community", "title", "addressees", "topic", "scope", "proposer", "review", "form",
    "place", "host", "convenor", "participants", "delegation", "opinion_channels", "objections",
    "contact_person", "contact_phone", "supervision_phone", "issuer",
)  # fmt: skip


def render(notice: ConsultationNotice, /, *, fonts: FontSet = BUNDLED) -> bytes:
    """The notice as PDF; refused when it lacks a duty or says what must not be posted."""
    _check(notice)
    imprint = Imprint(_heading(notice), notice.issuer, notice.topic)
    return compose(_strips(notice, fonts), imprint, fonts)


def _check(notice: ConsultationNotice) -> None:
    disclosure.refuse_blank(notice, _MUST_SAY)
    disclosure.refuse_private(notice, office_phones=_OFFICE_PHONES)
    if notice.posted_until < notice.posted_from:
        raise Invalid({"posted_until": "公示结束日期早于开始日期，请改正"})
    for name in ("held_at", "opinions_until"):
        if getattr(notice, name).tzinfo is None:
            raise ValueError(f"{name} needs a time zone")


def _heading(notice: ConsultationNotice) -> str:
    return notice.community.strip() + notice.title.strip()


def _strips(notice: ConsultationNotice, fonts: FontSet) -> tuple[Strip, ...]:
    suffix = "" if notice.is_confirmed else "（暂编）"
    text = [
        *blocks.number_line(f"编号：{notice.number}{suffix}", fonts),
        blocks.BLANK,
        *blocks.title(_heading(notice), fonts),
        *blocks.addressees(notice.addressees, fonts),
        *blocks.paragraphs(_opening(notice), fonts),
        *_sections(notice, fonts),
    ]
    files = blocks.attachments(notice.materials, fonts)
    # The signature never stands on a page without words: two lines of text go with it.
    body = keep_tail([*text, *files], lines=2 + min(len(files), _FILES_KEPT))
    return (*body, *_closing(notice, fonts), *_archive_part(notice, fonts))


def _opening(notice: ConsultationNotice) -> str:
    word = "公告" if notice.title.strip().endswith("公告") else "通知"
    reason = f"{sentence(notice.reason)}为此，" if notice.reason.strip() else ""
    return f"{reason}{notice.convenor}决定召开协商会议，现将有关事项{word}如下。"


def _sections(notice: ConsultationNotice, fonts: FontSet) -> Iterator[Strip]:
    for number, (heading, words) in enumerate(_contents(notice), start=1):
        yield from blocks.section(number, heading, words, fonts)
        if number == 1:
            for count, point in enumerate(notice.main_points, start=1):
                yield from blocks.point(count, sentence(point), fonts)


def _contents(notice: ConsultationNotice) -> Iterator[tuple[str, str]]:
    yield "协商议题", _topic(notice)
    yield "时间地点", f"{moment(notice.held_at)}，{sentence(notice.place)}"
    yield (
        "形式和主持",
        f"采取{clause(notice.form)}的形式，由{clause(notice.convenor)}召集，"
        f"{clause(notice.host)}主持。",
    )
    yield "参会人员", _participants(notice)
    yield "会前材料", "材料目录见附件，请参会人员会前阅读。" if notice.materials else "无。"
    yield (
        "意见提交",
        f"请于{moment(notice.opinions_until)}前提出意见。{sentence(notice.opinion_channels)}",
    )
    yield (
        "公示和异议",
        f"公示期为{period(notice.posted_from, notice.posted_until)}。{sentence(notice.objections)}",
    )
    yield (
        "联系方式",
        f"联系人：{clause(notice.contact_person)}，电话：{clause(notice.contact_phone)}；"
        f"监督电话：{sentence(notice.supervision_phone)}",
    )


def _topic(notice: ConsultationNotice) -> str:
    omitted = f"未列入：{sentence(notice.not_listed)}" if notice.not_listed.strip() else ""
    points = "协商要点如下：" if notice.main_points else ""
    return (
        f"{sentence(notice.topic)}涉及范围：{sentence(notice.scope)}"
        f"提出人：{sentence(notice.proposer)}审核结论：{sentence(notice.review)}{omitted}{points}"
    )


def _participants(notice: ConsultationNotice) -> str:
    groups = "、".join(f"{group}{count}人" for group, count in notice.participants)
    total = sum(count for _, count in notice.participants)
    seats = f"；设旁听席{notice.observer_seats}个" if notice.observer_seats else "；不设旁听席"
    rules = (notice.quorum, notice.delegation, notice.sign_up)
    whole = f"，共{total}人" if len(notice.participants) > 1 else ""
    return f"{groups}{whole}{seats}。" + "".join(sentence(rule) for rule in rules)


def _signature(notice: ConsultationNotice, fonts: FontSet) -> tuple[Strip, ...]:
    code = notice.check_code
    payload = f"{notice.number} {code}"
    return blocks.signature(
        notice.issuer,
        day(notice.issued_on),
        fonts,
        beside=blocks.check_mark(payload, code, fonts) if code else (),
        shows_ring=notice.shows_seal_place,
    )


def _closing(notice: ConsultationNotice, fonts: FontSet) -> tuple[Strip, ...]:
    signed = _signature(notice, fonts)
    if notice.is_confirmed:
        return signed
    words = "注：本通知编号由本机暂编，尚未上报，以服务器确认的编号为准。"
    return (*keep_tail(signed, lines=1), *blocks.footnote(words, fonts))


def _archive_part(notice: ConsultationNotice, fonts: FontSet) -> tuple[Strip, ...]:
    if not notice.posting_record:
        return ()
    strips = _posting_record(notice, fonts)
    return (*keep_tail(strips[:-1], lines=len(strips)), strips[-1])


def _posting_record(notice: ConsultationNotice, fonts: FontSet) -> tuple[Strip, ...]:
    head = blocks.lines([Span("张贴记录（存档联）", Role.HEI)], fonts, blocks.FLUSH)
    rows = [
        ("张贴地点", ""),
        ("张贴起止", period(notice.posted_from, notice.posted_until)),
        ("张贴人", ""),
        ("实际张贴时间", ""),
        ("取下时间", ""),
        ("现场照片编号", ""),
    ]
    cut = Strip((Rule(0, 8, WIDTH, 8, 0.5, is_dashed=True),), 14.0)
    return (cut, *head, *tables.grid(rows, fonts))


FORM = Form(name="consultation_notice", label="协商会议通知", kind="consultation", render=render)
