"""The kinds in full (GB/T 31000, GB/T 47678.5): fields, blocks of a resident, attention groups."""

import sqlalchemy as sa

from sqzl_desktop.store.migrations.widening import widen

DDL = """
CREATE TABLE estate (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, name TEXT, address TEXT,
    category TEXT, is_closed INTEGER, property_company TEXT, property_contact TEXT, property_phone
    TEXT, has_owners_committee INTEGER, committee_contact TEXT, committee_phone TEXT,
    building_count BLOB, dwelling_count BLOB, shop_count BLOB, parking_inside BLOB, parking_outside
    BLOB, lift_count BLOB, has_gas INTEGER, started_on TEXT, completed_on TEXT, developer TEXT,
    constructor TEXT, location TEXT, remark TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX estate_grid_id ON estate (grid_id);
CREATE TABLE migrant (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, reason
    TEXT, from_region TEXT, arrived_on TEXT, permit_kind TEXT, permit_number TEXT, permit_issued_on
    TEXT, permit_until TEXT, lodging TEXT, is_key INTEGER, remark TEXT, extra TEXT, PRIMARY KEY
    (id));
CREATE INDEX migrant_grid_id ON migrant (grid_id);
CREATE INDEX migrant_resident_id ON migrant (resident_id);
CREATE TABLE foreigner (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT,
    surname TEXT, given_name TEXT, chinese_name TEXT, nationality TEXT, document_type TEXT,
    document_number TEXT, document_until TEXT, purpose TEXT, arrived_on TEXT, leaves_on TEXT,
    receiving_unit TEXT, receiving_phone TEXT, is_key INTEGER, remark TEXT, extra TEXT, PRIMARY KEY
    (id));
CREATE INDEX foreigner_grid_id ON foreigner (grid_id);
CREATE INDEX foreigner_resident_id ON foreigner (resident_id);
CREATE TABLE unsettled (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, reason
    TEXT, since_on TEXT, document TEXT, document_number TEXT, progress TEXT, remark TEXT, extra
    TEXT, PRIMARY KEY (id));
CREATE INDEX unsettled_grid_id ON unsettled (grid_id);
CREATE INDEX unsettled_resident_id ON unsettled (resident_id);
CREATE TABLE left_behind (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT,
    level TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT,
    remark TEXT, category TEXT, health TEXT, income BLOB, family_income BLOB, relative_name TEXT,
    relative_id_number TEXT, relative_relation TEXT, relative_health TEXT, relative_phone TEXT,
    relative_work TEXT, difficulty TEXT, help_given TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX left_behind_grid_id ON left_behind (grid_id);
CREATE INDEX left_behind_resident_id ON left_behind (resident_id);
CREATE INDEX left_behind_staff_id ON left_behind (staff_id);
CREATE TABLE aged_care (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, reasons TEXT, self_care TEXT, health TEXT, emergency_name TEXT, emergency_relation TEXT,
    emergency_phone TEXT, has_alarm INTEGER, services TEXT, allowance BLOB, partner_name TEXT,
    extra TEXT, PRIMARY KEY (id));
CREATE INDEX aged_care_grid_id ON aged_care (grid_id);
CREATE INDEX aged_care_resident_id ON aged_care (resident_id);
CREATE INDEX aged_care_staff_id ON aged_care (staff_id);
CREATE TABLE hardship (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, category TEXT, certificate TEXT, amount BLOB, covered_count BLOB, review_on TEXT, cause
    TEXT, difficulty TEXT, help_given TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX hardship_grid_id ON hardship (grid_id);
CREATE INDEX hardship_resident_id ON hardship (resident_id);
CREATE INDEX hardship_staff_id ON hardship (staff_id);
CREATE TABLE disability (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, category TEXT, grade TEXT, certificate TEXT, certificate_until TEXT, guardian_name TEXT,
    guardian_phone TEXT, allowance TEXT, devices TEXT, needs TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX disability_grid_id ON disability (grid_id);
CREATE INDEX disability_resident_id ON disability (resident_id);
CREATE INDEX disability_staff_id ON disability (staff_id);
CREATE TABLE child_care (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, category TEXT, guardian_name TEXT, guardian_relation TEXT, guardian_phone TEXT, school
    TEXT, health TEXT, difficulty TEXT, help_given TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX child_care_grid_id ON child_care (grid_id);
CREATE INDEX child_care_resident_id ON child_care (resident_id);
CREATE INDEX child_care_staff_id ON child_care (staff_id);
CREATE TABLE special_family (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT,
    level TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT,
    remark TEXT, category TEXT, child_born_on TEXT, since_event_on TEXT, allowance BLOB,
    contact_name TEXT, needs TEXT, help_given TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX special_family_grid_id ON special_family (grid_id);
CREATE INDEX special_family_resident_id ON special_family (resident_id);
CREATE INDEX special_family_staff_id ON special_family (staff_id);
CREATE TABLE veteran (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, category TEXT, enlisted_on TEXT, retired_on TEXT, rank TEXT, honours TEXT, card_number
    TEXT, settlement TEXT, allowance BLOB, needs TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX veteran_grid_id ON veteran (grid_id);
CREATE INDEX veteran_resident_id ON veteran (resident_id);
CREATE INDEX veteran_staff_id ON veteran (staff_id);
CREATE TABLE job_seeker (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, category TEXT, unemployed_on TEXT, certificate TEXT, skill TEXT, wish TEXT,
    insurance_until TEXT, result TEXT, employed_on TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX job_seeker_grid_id ON job_seeker (grid_id);
CREATE INDEX job_seeker_resident_id ON job_seeker (resident_id);
CREATE INDEX job_seeker_staff_id ON job_seeker (staff_id);
CREATE TABLE maternal (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, due_on TEXT, born_on TEXT, child_order BLOB, is_high_risk INTEGER, hospital TEXT,
    husband_name TEXT, husband_phone TEXT, needs TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX maternal_grid_id ON maternal (grid_id);
CREATE INDEX maternal_resident_id ON maternal (resident_id);
CREATE INDEX maternal_staff_id ON maternal (staff_id);
CREATE TABLE chronic_illness (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT,
    level TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT,
    remark TEXT, illnesses TEXT, diagnosed_on TEXT, hospital TEXT, doctor TEXT, doctor_phone TEXT,
    medication TEXT, needs TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX chronic_illness_grid_id ON chronic_illness (grid_id);
CREATE INDEX chronic_illness_resident_id ON chronic_illness (resident_id);
CREATE INDEX chronic_illness_staff_id ON chronic_illness (staff_id);
CREATE TABLE dangerous_work (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT,
    level TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT,
    remark TEXT, goods TEXT, employer TEXT, post TEXT, licence TEXT, licence_until TEXT,
    employer_contact TEXT, employer_phone TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX dangerous_work_grid_id ON dangerous_work (grid_id);
CREATE INDEX dangerous_work_resident_id ON dangerous_work (resident_id);
CREATE INDEX dangerous_work_staff_id ON dangerous_work (staff_id);
CREATE TABLE released (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, is_recidivist INTEGER, crime TEXT, term TEXT, prison TEXT, released_on TEXT, risk TEXT,
    handed_over_on TEXT, handover_mode TEXT, settled_on TEXT, settlement TEXT, not_settled_reason
    TEXT, help_given TEXT, has_reoffended INTEGER, new_crime TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX released_grid_id ON released (grid_id);
CREATE INDEX released_resident_id ON released (resident_id);
CREATE INDEX released_staff_id ON released (staff_id);
CREATE TABLE correction (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, number TEXT, custody TEXT, category TEXT, case_kind TEXT, crime TEXT, term TEXT,
    term_from TEXT, term_until TEXT, from_on TEXT, ends_on TEXT, acceptance TEXT, four_histories
    TEXT, is_habitual INTEGER, three_links TEXT, has_team INTEGER, team TEXT, ended_by TEXT,
    is_off_supervision INTEGER, off_reason TEXT, off_check TEXT, off_mended TEXT, is_missed
    INTEGER, missed_reason TEXT, missed_check TEXT, missed_mended TEXT, rewards TEXT, changes TEXT,
    has_reoffended INTEGER, new_crime TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX correction_grid_id ON correction (grid_id);
CREATE INDEX correction_resident_id ON correction (resident_id);
CREATE INDEX correction_staff_id ON correction (staff_id);
CREATE TABLE mental_illness (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT,
    level TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT,
    remark TEXT, risk TEXT, diagnosis TEXT, first_on TEXT, treatment TEXT, hospital TEXT,
    admission_reasons TEXT, rehabilitation TEXT, economy TEXT, has_allowance INTEGER, guardian_name
    TEXT, guardian_id_number TEXT, guardian_phone TEXT, has_incident INTEGER, incident_count BLOB,
    last_incident_on TEXT, managers TEXT, help_given TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX mental_illness_grid_id ON mental_illness (grid_id);
CREATE INDEX mental_illness_resident_id ON mental_illness (resident_id);
CREATE INDEX mental_illness_staff_id ON mental_illness (staff_id);
CREATE TABLE drug_use (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, first_found_on TEXT, control TEXT, controller_name TEXT, controller_phone TEXT,
    helper_name TEXT, helper_phone TEXT, help_given TEXT, has_record INTEGER, record_note TEXT,
    cause TEXT, effect TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX drug_use_grid_id ON drug_use (grid_id);
CREATE INDEX drug_use_resident_id ON drug_use (resident_id);
CREATE INDEX drug_use_staff_id ON drug_use (staff_id);
CREATE TABLE hiv_risk (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, route TEXT, category TEXT, has_record INTEGER, record_note TEXT, case_kind TEXT,
    helper_name TEXT, helper_phone TEXT, help_given TEXT, treatment TEXT, hospital TEXT, extra
    TEXT, PRIMARY KEY (id));
CREATE INDEX hiv_risk_grid_id ON hiv_risk (grid_id);
CREATE INDEX hiv_risk_resident_id ON hiv_risk (resident_id);
CREATE INDEX hiv_risk_staff_id ON hiv_risk (staff_id);
CREATE TABLE key_youth (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, category TEXT, family TEXT, guardian_name TEXT, guardian_id_number TEXT,
    guardian_relation TEXT, guardian_phone TEXT, guardian_address TEXT, has_offended INTEGER,
    offence_note TEXT, helper_name TEXT, helper_phone TEXT, method TEXT, help_given TEXT, extra
    TEXT, PRIMARY KEY (id));
CREATE INDEX key_youth_grid_id ON key_youth (grid_id);
CREATE INDEX key_youth_resident_id ON key_youth (resident_id);
CREATE INDEX key_youth_staff_id ON key_youth (staff_id);
CREATE TABLE petition (id TEXT NOT NULL, community_id TEXT, grid_id TEXT, resident_id TEXT, level
    TEXT, since_on TEXT, until_on TEXT, interval_days BLOB, staff_id TEXT, source TEXT, remark
    TEXT, nature TEXT, subject TEXT, first_on TEXT, count BLOB, places TEXT, duty_unit TEXT,
    duty_name TEXT, result TEXT, extra TEXT, PRIMARY KEY (id));
CREATE INDEX petition_grid_id ON petition (grid_id);
CREATE INDEX petition_resident_id ON petition (resident_id);
CREATE INDEX petition_staff_id ON petition (staff_id);
"""

ADDED = {
    "building": {
        "TEXT": "code address remark",
        "BLOB": "floors_below built_year area",
        "INTEGER": "has_gas",
    },
    "dwelling": {
        "TEXT": (
            "purpose property_right owner_id_type owner_id_number owner_address layout "
            "business rental_use tenant_name tenant_id_number tenant_phone hazard hazard_note"
        ),
        "BLOB": "position span storeys inner_area built_year",
        "INTEGER": "is_converted is_shared",
    },
    "household": {
        "TEXT": "phone star_rating income",
    },
    "resident": {
        "TEXT": (
            "phone2 occupation_name used_name native_place religion health id_valid_until "
            "current_address moved_out_on moved_to died_on"
        ),
        "INTEGER": "is_public_servant",
    },
    "organisation": {
        "TEXT": (
            "state hazard hazard_note rectify_until attention_level security_name "
            "security_phone building_id dwelling_id licence registered_type industry scope "
            "approved_on funding legal_name legal_id_type legal_id_number legal_phone "
            "location"
        ),
        "INTEGER": (
            "is_small_place has_overseas_background can_have_party has_party has_youth_league "
            "has_union has_women_federation"
        ),
        "BLOB": "capital area party_count youth_count union_count women_count",
    },
    "facility": {
        "TEXT": (
            "code department_code owner owner_code maintainer maintainer_code changed_on "
            "source building_id accuracy"
        ),
        "BLOB": "check_days",
    },
    "visit": {
        "TEXT": "dwelling_id building_id organisation_id facility_id outcome problem event_id",
    },
}

INDEXES = (
    "CREATE INDEX organisation_building_id ON organisation (building_id)",
    "CREATE INDEX organisation_dwelling_id ON organisation (dwelling_id)",
    "CREATE INDEX facility_building_id ON facility (building_id)",
    "CREATE INDEX visit_dwelling_id ON visit (dwelling_id)",
    "CREATE INDEX visit_building_id ON visit (building_id)",
    "CREATE INDEX visit_organisation_id ON visit (organisation_id)",
    "CREATE INDEX visit_facility_id ON visit (facility_id)",
    "CREATE INDEX visit_event_id ON visit (event_id)",
)


def apply(tx: sa.Connection) -> None:
    """Create the tables, add the columns."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(" ".join(statement.split()))
    for kind, columns in ADDED.items():
        for kept_as, names in columns.items():
            widen(tx, kind, names.split(), kept_as)
    for statement in INDEXES:
        tx.exec_driver_sql(statement)
