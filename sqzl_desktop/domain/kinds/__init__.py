"""KINDS: the only list of kinds."""

from typing import Any

from sqzl_desktop.domain.kinds.attachment import ATTACHMENT
from sqzl_desktop.domain.kinds.building import BUILDING
from sqzl_desktop.domain.kinds.case import CASE
from sqzl_desktop.domain.kinds.community import COMMUNITY
from sqzl_desktop.domain.kinds.conflict import CONFLICT
from sqzl_desktop.domain.kinds.consultation import CONSULTATION
from sqzl_desktop.domain.kinds.duplicate import DUPLICATE
from sqzl_desktop.domain.kinds.dwelling import DWELLING
from sqzl_desktop.domain.kinds.event import EVENT
from sqzl_desktop.domain.kinds.facility import FACILITY
from sqzl_desktop.domain.kinds.grid import GRID
from sqzl_desktop.domain.kinds.handover import HANDOVER
from sqzl_desktop.domain.kinds.household import HOUSEHOLD
from sqzl_desktop.domain.kinds.notice import NOTICE
from sqzl_desktop.domain.kinds.organisation import ORGANISATION
from sqzl_desktop.domain.kinds.residence import RESIDENCE
from sqzl_desktop.domain.kinds.resident import RESIDENT
from sqzl_desktop.domain.kinds.staff import STAFF
from sqzl_desktop.domain.kinds.supplement import SUPPLEMENT
from sqzl_desktop.domain.kinds.topic import TOPIC
from sqzl_desktop.domain.kinds.visit import VISIT
from sqzl_desktop.schema.kind import Kind

KINDS: tuple[Kind[Any], ...] = (
    COMMUNITY,
    GRID,
    BUILDING,
    DWELLING,
    HOUSEHOLD,
    RESIDENT,
    RESIDENCE,
    ORGANISATION,
    FACILITY,
    EVENT,
    CASE,
    TOPIC,
    CONSULTATION,
    NOTICE,
    VISIT,
    STAFF,
    CONFLICT,
    ATTACHMENT,
    HANDOVER,
    SUPPLEMENT,
    DUPLICATE,
)

BY_NAME: dict[str, Kind[Any]] = {kind.name: kind for kind in KINDS}
