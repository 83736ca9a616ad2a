"""居民卡左栏: who somebody is, what is open about them, where they lived, with whom."""

import datetime as dt
import functools

from PySide6.QtWidgets import QFrame

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.living import TOGETHER, lives_on
from sqzl_desktop.domain.moves import GONE
from sqzl_desktop.services import elements
from sqzl_desktop.services.people import ResidentCard
from sqzl_desktop.services.situation import Situation
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.duplicate_mark import DuplicateMark
from sqzl_desktop.ui.widgets.open_cases import OpenCases
from sqzl_desktop.ui.widgets.parts import button, card, chip, column, fact, label, row

FACTS = ("id_number", "phone", "population_type", "ethnic", "education", "political", "employer",
         "registered_home")  # fmt: skip
CHIPS_A_LINE = 3


def person(desk: Desk, found: ResidentCard, special: Situation) -> QFrame:
    """Name, age, tags, 人户分离, and the facts asked for most."""
    who = found.resident
    picture = label("")
    picture.setPixmap(theme.pixmap("person", "accent", 48))
    born = f"{who.born_on:%Y-%m-%d}" if who.born_on else ""
    sex = code_list("sex").label(who.sex) if who.sex else ""
    age = f"{_age(who, desk.ws.today)}岁" if who.born_on else ""
    head = column(label(who.name, "title", wrap=True),
                  label("　".join(filter(None, (sex, born, age))), "soft"), gap=2)  # fmt: skip
    top = row(picture, head, gap=12)
    top.setStretch(1, 1)
    body = column(top, gap=10)
    body.addWidget(DuplicateMark(desk, who.id))
    chips = [chip(code_list("key_population").label(tag)) for tag in who.tags]
    if special.apartness:
        tone = "ok" if special.apartness == TOGETHER else "warn"
        chips.insert(0, chip(special.apartness, tone))
    if who.state in GONE:
        on = who.died_on or who.moved_out_on
        words = (code_list("resident_state").label(who.state), f"{on:%Y-%m-%d}" if on else "",
                 who.moved_to)  # fmt: skip
        chips.insert(0, chip("　".join(filter(None, words)), "warn"))
    for place in range(0, len(chips), CHIPS_A_LINE):
        line = row(*chips[place : place + CHIPS_A_LINE], None, gap=6)
        body.addLayout(line)
    for name in FACTS:
        described = BY_NAME["resident"].column(name)
        text = elements.masked(described, getattr(who, name))
        if text:
            body.addLayout(fact(described.label, text, width=84))
    return card(body)


def open_cases(desk: Desk, found: ResidentCard) -> OpenCases:
    """What is open about the person, or at where they live now."""
    today = desk.ws.today
    made = OpenCases(desk, framed=True)
    dwellings = [stay.dwelling_id for stay, _ in found.residences if lives_on(stay, today)]
    made.show_about(residents=(found.resident.id,), dwellings=dwellings)
    return made


def homes(found: ResidentCard, today: dt.date) -> QFrame:
    """Where they live, and below it where they lived before."""
    body = column(label("住房", "section"), gap=8)
    now = [each for each in found.residences if lives_on(each[0], today)]
    before = [each for each in found.residences if each not in now]
    for stay, home in now:
        body.addWidget(label(home.address if home else "（房屋不在本机）", wrap=True))
        body.addWidget(label(_how_long(stay), "small"))
    if not now:
        body.addWidget(label("还没有登记住房，请办理迁入登记。", "soft", wrap=True))
    if before:
        body.addWidget(label("住过的房屋", "soft"))
    for stay, home in before:
        body.addWidget(label(home.address if home else "（房屋不在本机）", "soft", wrap=True))
        body.addWidget(label(_how_long(stay), "small"))
    return card(body)


def household(desk: Desk, found: ResidentCard) -> QFrame:
    """The people of the household, each a way to their card."""
    body = column(label(f"同户人员　{len(found.members)}", "section"), gap=4)
    for each in found.members:
        relation = code_list("family_relation").label(each.relation) if each.relation else ""
        show = functools.partial(desk.bus.open_requested.emit, "resident", each.id)
        made = button(f"{each.name}　{relation}", show, icon="person", look="flat")
        made.setEnabled(each.id != found.resident.id)
        made.setStyleSheet("text-align: left;")
        body.addWidget(made)
    if not found.members:
        body.addWidget(label("还没有归入家庭户。", "soft"))
    return card(body)


def _how_long(stay: Residence) -> str:
    how = code_list("stay").label(stay.kind_of_stay) if stay.kind_of_stay else "居住"
    since = f"{stay.from_on:%Y-%m-%d} 起" if stay.from_on else ""
    until = f"{stay.until_on:%Y-%m-%d} 止" if stay.until_on else ""
    return "　".join(filter(None, (how, since, until)))


def _age(who: Resident, now: dt.date) -> int:
    assert who.born_on is not None
    had = (now.month, now.day) >= (who.born_on.month, who.born_on.day)
    return now.year - who.born_on.year - (not had)
