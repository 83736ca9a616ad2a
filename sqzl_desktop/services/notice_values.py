"""通知内容: what the consultation notice says, gathered from the records.

Imported only when a notice is drawn: it brings the whole of printing along.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.community import Community
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.printing.forms.consultation_notice import ConsultationNotice
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

MEETING = "01"
_COUNTED = re.compile(r"^(?P<name>.+?)[\s\u3000:：]*(?P<count>\d{1,4})\s*人?$")


def _consultation_notice(_ws: Workspace, tx: sa.Connection, record: Any) -> ConsultationNotice:
    consultation: Consultation = record
    community = elements.wanted(tx, "community", consultation.community_id)
    topic = records.get(tx, "topic", consultation.topic_id)
    assert isinstance(community, Community)
    _refuse_gaps(consultation, community)
    groups = tuple(_participant(line) for line in _lines(consultation.participants))
    form = code_list("consultation_form").label(consultation.form)
    meeting = "协商会议" if consultation.form == MEETING else form
    place = community_name(community)
    return ConsultationNotice(
        number=consultation.number,
        community=place,
        title=f"关于召开{consultation.title}{meeting}的通知",
        addressees=tuple(group for group, _ in groups),
        topic=consultation.title,
        scope=consultation.scope or place,
        reason=topic.background if isinstance(topic, Topic) else "",
        proposer=_proposer(topic),
        review=_review(topic),
        main_points=tuple(_lines(consultation.main_points)),
        form=form,
        participants=groups,
        observer_seats=consultation.observer_seats or 0,
        quorum=consultation.quorum,
        materials=tuple(_lines(consultation.materials)),
        is_confirmed=changes.state_of(tx, "consultation", consultation.id) == "confirmed",
        **_when_and_where(consultation),
        **_standing_texts(consultation, community),
    )


def _when_and_where(consultation: Consultation) -> dict[str, Any]:
    held_at = consultation.held_at
    assert held_at is not None
    return {
        "held_at": held_at,
        "place": consultation.place,
        "host": consultation.host,
        "opinions_until": consultation.opinions_until or held_at - dt.timedelta(days=1),
        "posted_from": consultation.posted_from,
        "posted_until": consultation.posted_until,
        "issued_on": consultation.posted_from,
    }


def _standing_texts(consultation: Consultation, community: Community) -> dict[str, Any]:
    place, committee = community_name(community), _committee(community)
    return {
        "convenor": consultation.convenor or committee,
        "delegation": "不能到会的居民代表可委托同楼居民参加，并提交书面委托书",
        "opinion_channels": f"向楼栋长、网格员提出，或书面交{place}服务站",
        "objections": f"在公示期内向{place}服务站书面提出",
        "contact_person": consultation.contact_name or consultation.host,
        "contact_phone": community.phone,
        "supervision_phone": community.supervision_phone or community.phone,
        "issuer": committee,
    }


def _refuse_gaps(consultation: Consultation, community: Community) -> None:
    missing = {
        name: f"请先填写{BY_NAME['consultation'].column(name).label}"
        for name in ("held_at", "place", "host", "participants", "posted_from", "posted_until")
        if not getattr(consultation, name)
    }
    if not community.phone:
        missing["phone"] = "请先在社区资料中填写服务电话，通知上要印联系电话"
    if missing:
        raise Invalid(missing)


def community_name(community: Community) -> str:
    """崇安社区: how the notice calls the community, whatever its register name is."""
    short = community.name
    for ending in ("社区居民委员会", "社区居委会", "居民委员会", "居委会"):
        if short.endswith(ending):
            return short.removesuffix(ending) + "社区"
    for ending in ("村民委员会", "村委会"):
        if short.endswith(ending):
            return short.removesuffix(ending) + "村"
    return short


def _committee(community: Community) -> str:
    name = community_name(community)
    return name + ("村民委员会" if name.endswith("村") else "居民委员会")


def _proposer(topic: Any) -> str:
    if not isinstance(topic, Topic) or not topic.proposer_name:
        return "社区居民"
    return f"居民{topic.proposer_name[0]}某某"


def _review(topic: Any) -> str:
    decision = topic.decision if isinstance(topic, Topic) else ""
    return decision or "经社区党组织审核，同意列入协商"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _participant(line: str) -> tuple[str, int]:
    found = _COUNTED.match(line)
    if not found:
        raise Invalid({"participants": f"参会方“{line}”没有写人数，请写成：居民代表 15"})
    return found["name"], int(found["count"])


GATHERERS: dict[str, Callable[[Workspace, sa.Connection, Any], ConsultationNotice]] = {
    "consultation_notice": _consultation_notice,
}
