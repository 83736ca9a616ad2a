"""A community while it is being made: where it lies, and what the next table needs to know."""

import dataclasses
import datetime as dt
import random
from collections import Counter

from tests.city.chance import words
from tests.city.divisions import Division
from tests.city.name_words import ETHNIC
from tests.city.names import person_name
from tests.city.numbers import IdNumbers, phone
from tests.city.tables import Row, Tables

COUNTIES = {  # name, longitude and latitude of its middle
    "640104": ("兴庆区", 106.289, 38.474),
    "640105": ("西夏区", 106.150, 38.492),
    "640106": ("金凤区", 106.243, 38.473),
    "640121": ("永宁县", 106.253, 38.280),
    "640122": ("贺兰县", 106.350, 38.554),
    "640181": ("灵武市", 106.340, 38.103),
}
REMEMBERED = 300
_ROADS = words(
    "北京 解放 民族 文化 长城 黄河 贺兰山 上海 宁安 正源 凤凰 唐徕 清和 丽景 友爱 亲水 良田 永安"
)
_ROAD_ENDINGS = ("路", "街", "东路", "西路", "南街", "北街")
SELF_USED, RENTED, VACANT, OTHER = "01", "02", "03", "99"
_OFFICE = ("书记主任", "副主任", "社区工作者", "社区工作者", "调解员")


@dataclasses.dataclass
class Grid:
    """A grid and what has been counted in it so far."""

    code: str
    worker: str
    limit: int
    households: int = 0
    residents: int = 0
    buildings: int = 0


@dataclasses.dataclass(frozen=True)
class Home:
    """A dwelling, before it is known who owns it."""

    key: str
    building: str
    grid: Grid
    number: int
    entrance: int
    floor: int
    room: str
    address: str
    use: str

    @property
    def is_rented(self) -> bool:
        """Do its people pay rent?"""
        return self.use == RENTED


@dataclasses.dataclass(frozen=True)
class Head:
    """The head of a household: who reports, proposes, applies and is visited."""

    key: str
    household: str
    name: str
    phone: str
    address: str
    grid: Grid


@dataclasses.dataclass(frozen=True)
class Cared:
    """A resident whom the community looks after."""

    key: str
    household: str
    grid: Grid


class Site:
    """One community under construction."""

    def __init__(
        self, division: Division, *, seed: int, today: dt.date, tables: Tables, numbers: IdNumbers
    ) -> None:
        self.division = division
        self.today = today
        self.tables = tables
        self.numbers = numbers
        self.rng = random.Random(f"{division.code}:{seed}")
        self.code = division.code
        self.county = division.code[:6]
        self.county_name, longitude, latitude = COUNTIES[self.county]
        self.center = (
            longitude + self.rng.uniform(-0.045, 0.045),
            latitude + self.rng.uniform(-0.035, 0.035),
        )
        self.road = self.rng.choice(_ROADS) + self.rng.choice(_ROAD_ENDINGS)
        self.rented_share = self.rng.uniform(0.12, 0.30)
        self.grids: list[Grid] = []
        self.estates: list[str] = []
        self.heads: list[Head] = []
        self.cared: list[Cared] = []
        self.watched: list[Cared] = []
        self.remembered: list[tuple[Row, Home]] = []
        self.residents = 0
        self.households = 0
        self._keys: Counter[str] = Counter()

    def key(self, prefix: str, width: int = 6) -> str:
        """The next source key of a table: B6401040010020001."""
        self._keys[prefix] += 1
        return f"{prefix}{self.code}{self._keys[prefix]:0{width}d}"

    def write(self, table: str, **row: str | int | float) -> Row:
        """Write a row and give it back."""
        self.tables.write(table, row)
        return row

    def remember(self, resident: Row, home: Home) -> None:
        """Keep the first residents for the dirty table."""
        if len(self.remembered) < REMEMBERED:
            self.remembered.append((resident, home))

    def near(self, reach: float) -> tuple[float, float]:
        """Coordinates not farther from the middle than this."""
        longitude, latitude = self.center
        return (
            round(longitude + self.rng.uniform(-reach, reach), 6),
            round(latitude + self.rng.uniform(-reach, reach), 6),
        )

    def moment(self, days: int, *, ago: int = 1) -> dt.datetime:
        """A moment of a working day, at most `days` and at least `ago` days back."""
        day = self.today - dt.timedelta(self.rng.randint(ago, days))
        return dt.datetime.combine(day, dt.time(self.rng.randint(8, 20), self.rng.randrange(60)))

    def add_office(self) -> None:
        """The workers who have no grid."""
        for role in _OFFICE:
            self._add_worker(role)

    def add_grid(self) -> Grid:
        """A further grid with its own worker."""
        code = f"{self.code}{len(self.grids) + 1:03d}"
        grid = Grid(code, self._add_worker("网格员"), self.rng.randint(300, 500))
        self.grids.append(grid)
        return grid

    def _add_worker(self, role: str) -> str:
        rng = self.rng
        sex, year = rng.choice("12"), rng.randint(1972, 2000)
        born = dt.date(year, rng.randint(1, 12), rng.randint(1, 28))
        number, _ = self.numbers.give(self.county, born, sex)
        key = self.key("W", 3)
        self.write(
            "workers",
            worker_id=key,
            community_code=self.code,
            name=person_name(rng, sex=sex, year=year, ethnic=ETHNIC.pick(rng)),
            role=role,
            phone=phone(rng),
            id_number=number,
            political=rng.choice(("01", "13", "13", "03")),
            education=rng.choice(("31", "21")),
        )
        return key
