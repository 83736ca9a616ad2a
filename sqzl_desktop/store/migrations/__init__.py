"""MIGRATIONS: the steps that bring the local database of any released version up to date."""

from collections.abc import Callable

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store.migrations import (
    m0001_initial,
    m0002_attachments,
    m0003_handover,
    m0004_journal,
    m0005_supplement,
    m0006_duplicate,
    m0007_all_elements,
    m0008_outlines,
    m0009_redrawing,
    m0010_moves,
    m0011_search,
    m0012_sheets,
    m0013_cases,
    m0014_case_inbox,
    m0015_home_grid,
    m0016_case_grants,
    m0017_terms,
    m0018_callbacks,
    m0019_history_index,
)

MIGRATIONS: tuple[tuple[str, Callable[[sa.Connection], None]], ...] = (
    ("0001_initial", m0001_initial.apply),
    ("0002_attachments", m0002_attachments.apply),
    ("0003_handover", m0003_handover.apply),
    ("0004_journal", m0004_journal.apply),
    ("0005_supplement", m0005_supplement.apply),
    ("0006_duplicate", m0006_duplicate.apply),
    ("0007_all_elements", m0007_all_elements.apply),
    ("0008_outlines", m0008_outlines.apply),
    ("0009_redrawing", m0009_redrawing.apply),
    ("0010_moves", m0010_moves.apply),
    ("0011_search", m0011_search.apply),
    ("0012_sheets", m0012_sheets.apply),
    ("0013_cases", m0013_cases.apply),
    ("0014_case_inbox", m0014_case_inbox.apply),
    ("0015_home_grid", m0015_home_grid.apply),
    ("0016_case_grants", m0016_case_grants.apply),
    ("0017_terms", m0017_terms.apply),
    ("0018_callbacks", m0018_callbacks.apply),
    ("0019_history_index", m0019_history_index.apply),
)


def missing(tx: sa.Connection) -> list[str]:
    """The steps that were not applied yet. Refuses the file of a newer program."""
    is_new = not tx.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'migration'").scalar()
    applied = set() if is_new else set(tx.exec_driver_sql("SELECT name FROM migration").scalars())
    if applied - {name for name, _ in MIGRATIONS}:
        raise KnownError("这份数据由更新版本的程序写成，请先更新程序再打开")
    return [name for name, _ in MIGRATIONS if name not in applied]


def migrate(tx: sa.Connection, clock: Clock) -> None:
    """Apply what is missing, in the transaction given. Refuses the file of a newer program."""
    wanted = missing(tx)
    tx.exec_driver_sql("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY,"
                       " applied_at TEXT NOT NULL)")  # fmt: skip
    for name, apply in MIGRATIONS:
        if name in wanted:
            apply(tx)
            tx.exec_driver_sql(
                "INSERT INTO migration VALUES (?, ?)", (name, str(encode(clock.now())))
            )
