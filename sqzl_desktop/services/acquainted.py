"""已登记的人: which resident a row of a sheet means, by ID number, or by name, birth and door."""

import datetime as dt
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store import records

_TWICE = "本机有{}人登记了同一证件号码，请先在居民卡上核对合并，再导入这一行"
_SEVERAL = "本机有{}人同名、同出生日期、同住一处，请先补上证件号码"


class Acquainted:
    """The residents on this device that rows of a sheet may mean; read once for the whole sheet."""

    def __init__(self, tx: sa.Connection, rows: Iterable[Mapping[str, object]]) -> None:
        wanted = [(str(row.get("id_number") or ""), _person(row)) for row in rows]
        numbers = {number for number, _ in wanted if number}
        persons = {person for _, person in wanted if all(person)}
        self._by_number: dict[str, list[str]] = {}
        self._by_person: dict[tuple[str, str], list[str]] = {}
        self._number_of: dict[str, str] = {}
        for found in records.columns_of(tx, "resident", ("id", "id_number", "name", "born_on")):
            record_id, number, name, born_on = (each or "" for each in found)
            if number in numbers:
                self._by_number.setdefault(number, []).append(record_id)
            if (name, born_on) in persons:
                self._by_person.setdefault((name, born_on), []).append(record_id)
                self._number_of[record_id] = number
        self._homes = self._read_homes(tx)
        self._newcomers: set[str] = set()

    def _read_homes(self, tx: sa.Connection) -> dict[str, set[str]]:
        homes: dict[str, set[str]] = {}
        wanted = {record_id for some in self._by_person.values() for record_id in some}
        wanted |= {record_id for some in self._by_number.values() for record_id in some}
        for resident, dwelling, until in records.columns_of(
            tx, "residence", ("resident_id", "dwelling_id", "until_on")
        ):
            if resident in wanted and dwelling and not until:
                homes.setdefault(resident, set()).add(dwelling)
        return homes

    def homes_of(self, record_id: str) -> set[str]:
        """The dwellings that a known person lives in."""
        return self._homes.get(record_id, set())

    def meet(self, number: str) -> None:
        """Somebody with this ID number was registered just now."""
        self._newcomers.add(number)

    def find(self, row: Mapping[str, object], dwelling_id: str) -> str:
        """The id of the person that a row means, "" for a stranger; Refused where it is unclear.

        Without an ID number on one of both sides, name, birth and dwelling together tell.
        """
        number = str(row.get("id_number") or "")
        if number and number in self._newcomers:
            raise Refused("与本次导入的另一行证件号码相同，这一行没有导入")
        same = self._by_number.get(number, []) if number else []
        if len(same) > 1:
            raise Refused(_TWICE.format(len(same)))
        if same:
            return same[0]
        alike = [
            each
            for each in self._by_person.get(_person(row), [])
            if dwelling_id in self._homes.get(each, ()) and not (number and self._number_of[each])
        ]
        if len(alike) > 1:
            raise Refused(_SEVERAL.format(len(alike)))
        return alike[0] if alike else ""


def _person(row: Mapping[str, object]) -> tuple[str, str]:
    born_on = row.get("born_on")
    return str(row.get("name") or ""), str(encode(born_on)) if isinstance(born_on, dt.date) else ""
