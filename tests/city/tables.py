"""The tables of a city: their columns, and the files they are written to."""

import contextlib
import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO

Cell = str | int | float
Row = dict[str, Cell]
Write = Callable[[list[Cell]], object]

COLUMNS = {
    table: tuple(columns.split())
    for table, columns in {
        "communities": "code name kind street_code street_name county_code county_name"
        " residents households lon lat",
        "grids": "grid_code community_code name kind households residents worker_id outline",
        "workers": "worker_id community_code name role phone id_number political education",
        "complexes": "complex_id community_code name kind built_year property_org_id has_committee",
        "buildings": "building_id complex_id community_code grid_code name kind units floors"
        " rooms_per_floor elevators dwellings lon lat head_name outline",
        "dwellings": "dwelling_id building_id grid_code unit floor room address area_m2 use"
        " owner_name owner_phone",
        "households": "household_id dwelling_id grid_code kind size head_id",
        "residents": "resident_id household_id dwelling_id grid_code community_code name sex"
        " birth_date id_type id_number ethnic marital education political relation occupation phone"
        " population_type consistency living hukou_area hukou_address tenure employer special_group"
        " key_tags status",
        "organizations": "org_id community_code grid_code name kind org_category uscc address"
        " contact phone employees dangerous",
        "objects": "object_id community_code grid_code class name position lon lat owner_dept"
        " status installed last_check",
        "cases": "case_id community_code grid_code category class title text source reporter"
        " reporter_phone reported_at location status dept due_at closed_at result satisfaction",
        "topics": "topic_id community_code type title text proposer_id supporters status posted_at"
        " meeting_at result agree oppose",
        "service_items": "item_code name department legal_days materials",
        "service_records": "record_id community_code item_code resident_id accepted_at due_at"
        " finished_at status window remark",
        "visits": "visit_id community_code grid_code worker_id household_id resident_id visited_at"
        " kind content next_visit",
    }.items()
}


class Tables:
    """The open files of all tables. A row is written by the names of its cells."""

    def __init__(self, folder: Path, form: str = "csv") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.count: Counter[str] = Counter()
        self._open_files = contextlib.ExitStack()
        self._writers = {
            table: self._writer(folder / f"{table}.{form}", columns)
            for table, columns in COLUMNS.items()
        }

    def __enter__(self) -> "Tables":
        return self

    def __exit__(self, *_failure: object) -> None:
        self._open_files.close()

    def write(self, table: str, row: Row) -> None:
        """Add a row, which must have all cells of its table and no others."""
        columns = COLUMNS[table]
        if len(row) != len(columns):
            raise ValueError(f"{table}: {set(columns) ^ set(row)}")
        self._writers[table]([row[column] for column in columns])
        self.count[table] += 1

    def _writer(self, path: Path, columns: tuple[str, ...]) -> Write:
        file = self._open_files.enter_context(path.open("w", encoding="utf-8", newline=""))
        if path.suffix == ".jsonl":
            return lambda cells: _write_json(file, dict(zip(columns, cells, strict=True)))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        return writer.writerow


def _write_json(file: IO[str], row: Row) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")
