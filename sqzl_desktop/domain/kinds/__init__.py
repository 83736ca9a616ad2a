"""KINDS: the only list of kinds."""

from typing import Any

from sqzl_desktop.domain.kinds.aged_care import AGED_CARE
from sqzl_desktop.domain.kinds.attachment import ATTACHMENT
from sqzl_desktop.domain.kinds.building import BUILDING
from sqzl_desktop.domain.kinds.calendar_day import CALENDAR_DAY
from sqzl_desktop.domain.kinds.case import CASE
from sqzl_desktop.domain.kinds.case_class import CASE_CLASS
from sqzl_desktop.domain.kinds.case_party import CASE_PARTY
from sqzl_desktop.domain.kinds.case_phrase import CASE_PHRASE
from sqzl_desktop.domain.kinds.case_step import CASE_STEP
from sqzl_desktop.domain.kinds.child_care import CHILD_CARE
from sqzl_desktop.domain.kinds.chronic_illness import CHRONIC_ILLNESS
from sqzl_desktop.domain.kinds.community import COMMUNITY
from sqzl_desktop.domain.kinds.conflict import CONFLICT
from sqzl_desktop.domain.kinds.consultation import CONSULTATION
from sqzl_desktop.domain.kinds.correction import CORRECTION
from sqzl_desktop.domain.kinds.dangerous_work import DANGEROUS_WORK
from sqzl_desktop.domain.kinds.disability import DISABILITY
from sqzl_desktop.domain.kinds.drug_use import DRUG_USE
from sqzl_desktop.domain.kinds.duplicate import DUPLICATE
from sqzl_desktop.domain.kinds.dwelling import DWELLING
from sqzl_desktop.domain.kinds.estate import ESTATE
from sqzl_desktop.domain.kinds.event import EVENT
from sqzl_desktop.domain.kinds.facility import FACILITY
from sqzl_desktop.domain.kinds.foreigner import FOREIGNER
from sqzl_desktop.domain.kinds.grid import GRID
from sqzl_desktop.domain.kinds.handover import HANDOVER
from sqzl_desktop.domain.kinds.hardship import HARDSHIP
from sqzl_desktop.domain.kinds.hiv_risk import HIV_RISK
from sqzl_desktop.domain.kinds.household import HOUSEHOLD
from sqzl_desktop.domain.kinds.job_seeker import JOB_SEEKER
from sqzl_desktop.domain.kinds.key_youth import KEY_YOUTH
from sqzl_desktop.domain.kinds.left_behind import LEFT_BEHIND
from sqzl_desktop.domain.kinds.maternal import MATERNAL
from sqzl_desktop.domain.kinds.mental_illness import MENTAL_ILLNESS
from sqzl_desktop.domain.kinds.migrant import MIGRANT
from sqzl_desktop.domain.kinds.notice import NOTICE
from sqzl_desktop.domain.kinds.office_hours import OFFICE_HOURS
from sqzl_desktop.domain.kinds.opinion import OPINION
from sqzl_desktop.domain.kinds.organisation import ORGANISATION
from sqzl_desktop.domain.kinds.petition import PETITION
from sqzl_desktop.domain.kinds.policy import POLICY
from sqzl_desktop.domain.kinds.policy_told import POLICY_TOLD
from sqzl_desktop.domain.kinds.redrawing import REDRAWING
from sqzl_desktop.domain.kinds.released import RELEASED
from sqzl_desktop.domain.kinds.residence import RESIDENCE
from sqzl_desktop.domain.kinds.resident import RESIDENT
from sqzl_desktop.domain.kinds.special_family import SPECIAL_FAMILY
from sqzl_desktop.domain.kinds.staff import STAFF
from sqzl_desktop.domain.kinds.supplement import SUPPLEMENT
from sqzl_desktop.domain.kinds.topic import TOPIC
from sqzl_desktop.domain.kinds.unsettled import UNSETTLED
from sqzl_desktop.domain.kinds.veteran import VETERAN
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
    ESTATE,
    MIGRANT,
    FOREIGNER,
    UNSETTLED,
    LEFT_BEHIND,
    AGED_CARE,
    HARDSHIP,
    DISABILITY,
    CHILD_CARE,
    SPECIAL_FAMILY,
    VETERAN,
    JOB_SEEKER,
    MATERNAL,
    CHRONIC_ILLNESS,
    DANGEROUS_WORK,
    RELEASED,
    CORRECTION,
    MENTAL_ILLNESS,
    DRUG_USE,
    HIV_RISK,
    KEY_YOUTH,
    PETITION,
    REDRAWING,
    CASE_STEP,
    CASE_PARTY,
    CASE_CLASS,
    CALENDAR_DAY,
    OFFICE_HOURS,
    CASE_PHRASE,
    OPINION,
    POLICY,
    POLICY_TOLD,
)

BY_NAME: dict[str, Kind[Any]] = {kind.name: kind for kind in KINDS}
