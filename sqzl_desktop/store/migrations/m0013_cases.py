"""Cases with their steps, people, classes and calendar; opinions; policies and who was told."""

import sqlalchemy as sa

from sqzl_desktop.store.migrations.widening import widen

DDL = """
CREATE TABLE case_step (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, case_id TEXT, step
    TEXT, label TEXT, from_state TEXT, to_state TEXT, "by" TEXT, role TEXT, device TEXT, content
    TEXT, made_at TEXT, received_at TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX case_step_case_id ON case_step (case_id);
CREATE INDEX case_step_grid_id ON case_step (grid_id);
CREATE TABLE case_party (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, case_id TEXT, role
    TEXT, resident_id TEXT, name TEXT, id_number TEXT, phone TEXT, address TEXT, is_minor INTEGER,
    remark TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX case_party_case_id ON case_party (case_id);
CREATE INDEX case_party_grid_id ON case_party (grid_id);
CREATE INDEX case_party_resident_id ON case_party (resident_id);
CREATE TABLE case_class (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, code TEXT, version
    BLOB, name TEXT, category TEXT, parent TEXT, standard_ref TEXT, is_local INTEGER,
    filing_condition TEXT, handler TEXT, phases TEXT, phases_urgent TEXT, phases_very_urgent TEXT,
    stage_limits TEXT, closing_condition TEXT, is_retired INTEGER, replaced_by TEXT, remark TEXT,
    extra TEXT, PRIMARY KEY (id));
CREATE INDEX case_class_grid_id ON case_class (grid_id);
CREATE TABLE calendar_day (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, "on" TEXT,
    is_workday INTEGER, name TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX calendar_day_grid_id ON calendar_day (grid_id);
CREATE TABLE office_hours (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, from_on TEXT, hours
    TEXT, name TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX office_hours_grid_id ON office_hours (grid_id);
CREATE TABLE case_phrase (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, use TEXT, text TEXT,
    extra TEXT, PRIMARY KEY (id));
CREATE INDEX case_phrase_grid_id ON case_phrase (grid_id);
CREATE TABLE opinion (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, content TEXT, category
    TEXT, way TEXT, urgency TEXT, collected_on TEXT, collector_name TEXT, is_anonymous INTEGER,
    resident_id TEXT, speaker_name TEXT, speaker_phone TEXT, building_id TEXT, visit_id TEXT,
    topic_id TEXT, case_id TEXT, reply TEXT, replied_on TEXT, replied_by TEXT, extra TEXT, PRIMARY
    KEY (id));
CREATE INDEX opinion_building_id ON opinion (building_id);
CREATE INDEX opinion_case_id ON opinion (case_id);
CREATE INDEX opinion_grid_id ON opinion (grid_id);
CREATE INDEX opinion_resident_id ON opinion (resident_id);
CREATE INDEX opinion_topic_id ON opinion (topic_id);
CREATE INDEX opinion_visit_id ON opinion (visit_id);
CREATE TABLE policy (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, title TEXT, number TEXT,
    issuer TEXT, category TEXT, content TEXT, issued_on TEXT, tell_from TEXT, tell_until TEXT,
    grids TEXT, per_household INTEGER, tags TEXT, is_withdrawn INTEGER, extra TEXT, PRIMARY KEY
    (id));
CREATE INDEX policy_grid_id ON policy (grid_id);
CREATE TABLE policy_told (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, policy_id TEXT,
    resident_id TEXT, household_id TEXT, building_id TEXT, told_at TEXT, way TEXT, told_by TEXT,
    remark TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX policy_told_building_id ON policy_told (building_id);
CREATE INDEX policy_told_grid_id ON policy_told (grid_id);
CREATE INDEX policy_told_household_id ON policy_told (household_id);
CREATE INDEX policy_told_policy_id ON policy_told (policy_id);
CREATE INDEX policy_told_resident_id ON policy_told (resident_id);
"""

TEXTS = (
    "class_code", "urgency", "building_id", "dwelling_id", "facility_id", "location",
    "discovered_at", "scale", "collector", "collector_name", "confirm_note", "filing_note",
    "decline_reason", "handler_kind", "handler_grid_id", "co_handlers", "dispatch_note",
    "return_reason", "measures", "handled_by", "feedback", "check_note", "rework_reason",
    "urge_note", "park_reason", "parked_until", "void_reason", "merged_into", "stage_due_at",
    "due_before", "state_at", "confirmed_at", "filed_at", "dispatched_at", "handling_at",
    "fed_back_at", "verified_at", "paused_at", "pauses", "extension_until",
    "extension_reason", "extension_state", "extension_note", "close_kind",
    "dissatisfaction_reason", "callback_note", "callback_at",
)  # fmt: skip
COUNTS = ["return_count", "rework_count", "urge_count", "class_version", "phase"]
FLAGS = ["is_anonymous"]
INDEXED = ["building_id", "dwelling_id", "facility_id", "handler_grid_id", "merged_into"]


def apply(tx: sa.Connection) -> None:
    """Create the tables, widen the case, whose `matter` has no column any more."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(" ".join(statement.split()))
    widen(tx, "case", TEXTS)
    widen(tx, "case", COUNTS, "BLOB")
    widen(tx, "case", FLAGS, "INTEGER")
    for name in INDEXED:
        tx.exec_driver_sql(f'CREATE INDEX case_{name} ON "case" ({name})')
    # the value stays among the fields this program does not know: the row is the server's
    tx.exec_driver_sql(
        "UPDATE \"case\" SET extra = json_set(coalesce(extra, '{}'), '$.matter', matter)"
        " WHERE matter IS NOT NULL"
    )
    tx.exec_driver_sql('ALTER TABLE "case" DROP COLUMN matter')
