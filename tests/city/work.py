"""What happens in a community: cases, topics, applications, visits."""

import datetime as dt

from tests.city import work_words as words
from tests.city.site import Cared, Grid, Site

_MINUTE = "%Y-%m-%d %H:%M"
_LONGEST_OPEN = 12  # days: hardly anything stays open longer
_CLOSED, _FINISHED, _LACKS_PAPERS = "已结案", "已办结", "待补正"


def add_work(site: Site) -> None:
    """Write a year of work."""
    count = int(site.households * 0.045) + 5
    one_each = words.CASE_STATES.words[:count]
    states = [*one_each, *(words.CASE_STATES.pick(site.rng) for _ in range(count - len(one_each)))]
    for state in states:
        _add_case(site, state)
    for state in site.rng.sample(words.TOPIC_STATES * 2, site.rng.randint(4, 9)):
        _add_topic(site, state)
    for _ in range(int(site.residents * 0.03) + 3):
        _add_application(site)
    _add_visits(site)


def _add_case(site: Site, state: str) -> None:
    rng = site.rng
    report, head = rng.choice(words.REPORTS), rng.choice(site.heads)
    at = site.moment(365 if state in words.ENDED_CASES else _LONGEST_OPEN)
    closed_at = _closed_at(site, at, report.days) if state == _CLOSED else None
    place = head.address.split("号楼")[0] + "号楼"
    site.write(
        "cases",
        case_id=site.key("A", 5),
        community_code=site.code,
        grid_code=head.grid.code,
        category=report.category,
        **{"class": report.old_class},
        title=report.title,
        text=report.text.format(
            place=place,
            some=rng.randint(2, 12),
            floor=rng.randint(2, 6),
            degrees=rng.randint(12, 16),
            money=rng.randint(3, 90) * 1000,
        ),
        source=words.SOURCES.pick(rng),
        reporter=head.name,
        reporter_phone=head.phone,
        reported_at=f"{at:{_MINUTE}}",
        location=place,
        status=state,
        dept=report.department,
        due_at=f"{at + dt.timedelta(report.days):{_MINUTE}}",
        closed_at=f"{closed_at:{_MINUTE}}" if closed_at else "",
        result=rng.choice(words.RESULTS) if closed_at else "",
        satisfaction=rng.choice(words.OPINIONS) if closed_at else "",
    )


def _closed_at(site: Site, at: dt.datetime, days: int) -> dt.datetime:
    share = site.rng.choice((0.2, 0.5, 0.8, 0.95, 1.3))
    latest = dt.datetime.combine(site.today, dt.time())
    return min(at + dt.timedelta(days * share), latest)


def _add_topic(site: Site, state: str) -> None:
    rng = site.rng
    category, title, text = rng.choice(words.TOPICS)
    is_held = state in words.HELD_STATES
    posted = site.moment(300, ago=21 if is_held else 1).date()
    agree = rng.randint(18, 60)
    oppose = rng.randint(0, agree // 3)
    details = {
        "estate": rng.choice(site.estates),
        "number": rng.randint(1, 20),
        "many": rng.randint(20, 180),
        "few": rng.randint(5, 60),
        "share": rng.randint(55, 90),
    }
    site.write(
        "topics",
        topic_id=site.key("T", 3),
        community_code=site.code,
        type=category,
        title=title.format(**details),
        text=text.format(**details),
        proposer_id=rng.choice(site.heads).key,
        supporters=rng.randint(5, 120),
        status=state,
        posted_at=posted.isoformat(),
        meeting_at=(posted + dt.timedelta(14)).isoformat() if is_held else "",
        result="形成协商意见，交责任方办理" if is_held else "",
        agree=agree if is_held else "",
        oppose=oppose if is_held else "",
    )


def _add_application(site: Site) -> None:
    rng = site.rng
    code, _, _, days, materials = rng.choice(words.SERVICE_ITEMS)
    at, state = site.moment(365), rng.choice(words.SERVICE_STATES)
    finished = min((at + dt.timedelta(days * rng.random() + 0.1)).date(), site.today)
    site.write(
        "service_records",
        record_id=site.key("F", 5),
        community_code=site.code,
        item_code=code,
        resident_id=rng.choice(site.heads).key,
        accepted_at=f"{at:{_MINUTE}}",
        due_at=(at + dt.timedelta(days * 1.4 + 1)).date().isoformat(),
        finished_at=finished.isoformat() if state == _FINISHED else "",
        status=state,
        window=f"{rng.randint(1, 4)}号窗口",
        remark="缺" + materials.split(";")[-1] if state == _LACKS_PAPERS else "",
    )


def _add_visits(site: Site) -> None:
    rng = site.rng
    for person in site.watched:
        for _ in range(rng.randint(1, 6)):
            _add_visit(site, person, "重点走访", rng.choice(words.KEY_VISITS), again_in=30)
    for person in rng.sample(site.cared, min(len(site.cared), site.households // 12)):
        _add_visit(site, person, "关爱走访", rng.choice(words.CARE_VISITS), again_in=60)
    for head in rng.sample(site.heads, min(len(site.heads), site.households // 10)):
        person = Cared(head.key, head.household, head.grid)
        _add_visit(site, person, "日常走访", rng.choice(words.DAILY_VISITS))


def _add_visit(site: Site, person: Cared, kind: str, content: str, *, again_in: int = 0) -> None:
    grid: Grid = person.grid
    at = site.moment(180)
    again = (at + dt.timedelta(again_in)).date()
    site.write(
        "visits",
        visit_id=site.key("V"),
        community_code=site.code,
        grid_code=grid.code,
        worker_id=grid.worker,
        household_id=person.household,
        resident_id=person.key,
        visited_at=f"{at:{_MINUTE}}",
        kind=kind,
        content=content,
        next_visit=again.isoformat() if again_in else "",
    )
