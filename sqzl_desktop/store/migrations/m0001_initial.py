"""The first schema. Frozen: later changes are later migrations."""

import sqlalchemy as sa

DDL = """
CREATE TABLE community (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, code TEXT, name TEXT,
category TEXT, subdistrict_code TEXT, subdistrict TEXT, county TEXT, address TEXT, phone TEXT,
supervision_phone TEXT, location TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX community_grid_id ON community (grid_id);
CREATE TABLE grid (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, code TEXT, name TEXT,
category TEXT, worker_id TEXT, household_count BLOB, resident_count BLOB, boundary TEXT, extra
TEXT, PRIMARY KEY (id));
CREATE INDEX grid_grid_id ON grid (grid_id);
CREATE INDEX grid_worker_id ON grid (worker_id);
CREATE TABLE building (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, estate TEXT, name
TEXT, category TEXT, entrance_count BLOB, floor_count BLOB, rooms_per_floor BLOB, lift_count
BLOB, dwelling_count BLOB, lead_name TEXT, lead_phone TEXT, location TEXT, extra TEXT, PRIMARY
KEY (id));
CREATE INDEX building_grid_id ON building (grid_id);
CREATE TABLE dwelling (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, building_id TEXT,
entrance TEXT, floor BLOB, room TEXT, address TEXT, use TEXT, area BLOB, owner_name TEXT,
owner_phone TEXT, remark TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX dwelling_building_id ON dwelling (building_id);
CREATE INDEX dwelling_grid_id ON dwelling (grid_id);
CREATE TABLE household (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, number TEXT,
head_name TEXT, head_id TEXT, dwelling_id TEXT, category TEXT, remark TEXT, extra TEXT, PRIMARY
KEY (id));
CREATE INDEX household_dwelling_id ON household (dwelling_id);
CREATE INDEX household_grid_id ON household (grid_id);
CREATE INDEX household_head_id ON household (head_id);
CREATE TABLE resident (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, name TEXT, sex TEXT,
id_type TEXT, id_number TEXT, born_on TEXT, phone TEXT, household_id TEXT, relation TEXT,
population_type TEXT, tags TEXT, ethnic TEXT, marital TEXT, education TEXT, political TEXT,
occupation TEXT, employer TEXT, registered_region TEXT, registered_home TEXT, consistency TEXT,
presence TEXT, state TEXT, remark TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX resident_grid_id ON resident (grid_id);
CREATE INDEX resident_household_id ON resident (household_id);
CREATE TABLE residence (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT,
dwelling_id TEXT, kind_of_stay TEXT, is_owner INTEGER, from_on TEXT, until_on TEXT, extra TEXT,
PRIMARY KEY (id));
CREATE INDEX residence_dwelling_id ON residence (dwelling_id);
CREATE INDEX residence_grid_id ON residence (grid_id);
CREATE INDEX residence_resident_id ON residence (resident_id);
CREATE TABLE organisation (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, name TEXT,
category TEXT, uscc TEXT, address TEXT, contact_name TEXT, phone TEXT, employee_count BLOB,
is_dangerous INTEGER, remark TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX organisation_grid_id ON organisation (grid_id);
CREATE TABLE facility (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, name TEXT, category
TEXT, old_category TEXT, place TEXT, department TEXT, state TEXT, installed_on TEXT, checked_on
TEXT, location TEXT, remark TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX facility_grid_id ON facility (grid_id);
CREATE TABLE event (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, title TEXT, category
TEXT, matter TEXT, description TEXT, place TEXT, building_id TEXT, urgency TEXT, source TEXT,
discovered_at TEXT, reporter_name TEXT, reporter_phone TEXT, location TEXT, state TEXT, extra
TEXT, PRIMARY KEY (id));
CREATE INDEX event_building_id ON event (building_id);
CREATE INDEX event_grid_id ON event (grid_id);
CREATE TABLE "case" (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, number TEXT, title TEXT,
category TEXT, matter TEXT, description TEXT, place TEXT, state TEXT, handler TEXT, due_at TEXT,
event_id TEXT, source TEXT, reporter_name TEXT, reporter_phone TEXT, reported_at TEXT, closed_at
TEXT, outcome TEXT, satisfaction TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX case_event_id ON "case" (event_id);
CREATE INDEX case_grid_id ON "case" (grid_id);
CREATE TABLE topic (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, title TEXT, category
TEXT, level TEXT, background TEXT, proposer_name TEXT, proposer_id TEXT, supporter_count BLOB,
raised_on TEXT, state TEXT, decision TEXT, decided_on TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX topic_grid_id ON topic (grid_id);
CREATE INDEX topic_proposer_id ON topic (proposer_id);
CREATE TABLE consultation (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, title TEXT, number
TEXT, topic_id TEXT, form TEXT, state TEXT, held_at TEXT, place TEXT, host TEXT, convenor TEXT,
scope TEXT, main_points TEXT, participants TEXT, observer_seats BLOB, quorum TEXT, materials
TEXT, opinions_until TEXT, contact_name TEXT, posted_from TEXT, posted_until TEXT, invited_count
BLOB, attended_count BLOB, agree_count BLOB, against_count BLOB, abstain_count BLOB, outcome
TEXT, dissent TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX consultation_grid_id ON consultation (grid_id);
CREATE INDEX consultation_topic_id ON consultation (topic_id);
CREATE TABLE notice (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, number TEXT, form TEXT,
title TEXT, consultation_id TEXT, printed_at TEXT, printed_by TEXT, check_code TEXT,
content_hash TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX notice_consultation_id ON notice (consultation_id);
CREATE INDEX notice_grid_id ON notice (grid_id);
CREATE TABLE visit (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT,
household_id TEXT, visited_at TEXT, category TEXT, way TEXT, content TEXT, visitor_id TEXT,
next_on TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX visit_grid_id ON visit (grid_id);
CREATE INDEX visit_household_id ON visit (household_id);
CREATE INDEX visit_resident_id ON visit (resident_id);
CREATE INDEX visit_visitor_id ON visit (visitor_id);
CREATE TABLE staff (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, name TEXT, post TEXT,
phone TEXT, political TEXT, education TEXT, account TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX staff_grid_id ON staff (grid_id);
CREATE TABLE "conflict" (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, about TEXT,
record_kind TEXT, record_id TEXT, field TEXT, standing_value TEXT, standing_op TEXT, standing_by
TEXT, standing_at TEXT, standing_device TEXT, other_value TEXT, other_op TEXT, other_by TEXT,
other_at TEXT, other_device TEXT, state TEXT, choice TEXT, settled_by TEXT, settled_at TEXT,
extra TEXT, PRIMARY KEY (id));
CREATE INDEX conflict_grid_id ON "conflict" (grid_id);
CREATE TABLE rows (no INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, community TEXT NOT
NULL, grid TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT NULL, last TEXT NOT NULL,
writes TEXT NOT NULL, hash BLOB, PRIMARY KEY (no), UNIQUE (kind, id));
CREATE INDEX rows_community ON rows (community);
CREATE TABLE base (no INTEGER NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (no));
CREATE TABLE outbox (no INTEGER NOT NULL, community TEXT NOT NULL, incarnation TEXT NOT NULL, n
INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, body TEXT NOT
NULL, state TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, advice TEXT NOT NULL,
PRIMARY KEY (no), UNIQUE (community, incarnation, n), UNIQUE (id));
CREATE INDEX outbox_record ON outbox (kind, record);
CREATE INDEX outbox_state ON outbox (state, community, n);
CREATE TABLE author (operation TEXT NOT NULL, name TEXT NOT NULL, received_at TEXT NOT NULL,
made_at TEXT NOT NULL, device TEXT NOT NULL, PRIMARY KEY (operation));
CREATE TABLE history (no INTEGER NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, operation
TEXT NOT NULL, field TEXT NOT NULL, at TEXT NOT NULL, "before" TEXT NOT NULL, "after" TEXT NOT
NULL, PRIMARY KEY (no), UNIQUE (record, operation, field));
CREATE INDEX history_record ON history (kind, record);
CREATE TABLE cursor (community TEXT NOT NULL, epoch TEXT NOT NULL, scope_version INTEGER NOT
NULL, cursor INTEGER NOT NULL, PRIMARY KEY (community));
CREATE TABLE bucket (community TEXT NOT NULL, grid TEXT NOT NULL, count INTEGER NOT NULL, total
TEXT NOT NULL, PRIMARY KEY (community, grid));
CREATE TABLE counter (name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (name));
CREATE TABLE download (no INTEGER NOT NULL, snapshot TEXT NOT NULL, content BLOB NOT NULL,
PRIMARY KEY (no));
CREATE TABLE meta (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name));
CREATE TABLE audit (no INTEGER NOT NULL, at TEXT NOT NULL, account TEXT NOT NULL, action TEXT
NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL,
PRIMARY KEY (no));
CREATE VIRTUAL TABLE search USING fts5(text, py, tail, content='', contentless_delete=1,
tokenize='unicode61', prefix='2');
"""


def apply(tx: sa.Connection) -> None:
    """Create every table."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(statement.replace("\n", " "))
