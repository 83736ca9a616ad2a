"""居民: a natural person, wherever they live (实有人口, GB/T 31000)."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.base import identity
from sqzl_desktop.schema.fields import Element, code, date, flag, many, note, record, ref, text
from sqzl_desktop.schema.kind import describe

CITIZEN_CARD = "111"


@record
class Resident(Element):
    """A natural person. Never known by the ID number, which may be missing, wrong or shared."""

    name: str = text("姓名", required=True, search="name", listed=True)
    sex: str = code("性别", "sex", listed=True)
    id_type: str = code("证件类型", "document_type")
    id_number: str = text(
        "证件号码",
        format="id_number",
        search="tail",
        sensitive=True,
        listed=True,
        more=("身份证号", "身份证号码", "身份证", "公民身份号码"),
    )
    born_on: dt.date | None = date("出生日期", listed=True, more=("出生年月",))
    phone: str = text(
        "联系电话",
        format="phone",
        search="tail",
        sensitive=True,
        listed=True,
        more=("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码"),
    )
    phone2: str = text(
        "备用电话",
        format="phone",
        search="tail",
        sensitive=True,
        group="基本情况",
    )
    household_id: str = ref("所属户", "household")
    relation: str = code("与户主关系", "family_relation", listed=True)
    population_type: str = code("人口类型", "population_type", listed=True)
    tags: tuple[str, ...] = many("关爱标签", "key_population", search="words", listed=True)
    ethnic: str = code("民族", "ethnic", group="基本情况")
    marital: str = code("婚姻状况", "marital", group="基本情况")
    education: str = code("文化程度", "education", group="基本情况", more=("学历",))
    political: str = code("政治面貌", "political", group="基本情况")
    occupation: str = code("职业状况", "occupation", group="基本情况")
    occupation_name: str = text("职业", group="基本情况")
    employer: str = text("服务处所", search="words", group="基本情况", more=("工作单位",))
    used_name: str = text("曾用名", search="name", group="基本情况")
    native_place: str = text("籍贯", group="基本情况")
    religion: str = code("宗教信仰", "religion", group="基本情况")
    health: str = code("健康状况", "health", group="基本情况")
    id_valid_until: dt.date | None = date("证件有效期至", group="基本情况")
    is_public_servant: bool = flag("公职人员", group="基本情况")
    registered_region: str = text("户籍地区划", group="户籍")
    registered_home: str = text(
        "户籍地址", search="words", sensitive=True, format="address", group="户籍",
        more=("户籍详址",),
    )  # fmt: skip
    consistency: str = code("人户一致", "household_consistency", group="户籍")
    presence: str = code("在住情况", "presence", group="户籍")
    state: str = code("人员状态", "resident_state", group="户籍")
    current_address: str = text(
        "现住址（不在本社区时）",
        search="words",
        sensitive=True,
        format="address",
        group="户籍",
        more=("现住地址", "现住门（楼）详址"),
    )
    moved_out_on: dt.date | None = date("迁出日期", group="户籍")
    moved_to: str = text("迁往何处", group="户籍")
    died_on: dt.date | None = date("死亡日期", group="户籍")
    merged_into: str = ref("已并入", "resident", group="归属")
    remark: str = note("备注", group="其他")


def _doubts(resident: Resident, _today: dt.date) -> Mapping[str, str]:
    number = resident.id_number
    if resident.id_type not in ("", CITIZEN_CARD) or not number:
        return {}
    found: dict[str, str] = {}
    born_on = identity.born_on(number)
    if born_on and resident.born_on and born_on != resident.born_on:
        found["born_on"] = f"与身份证号不符：身份证上是{born_on.isoformat()}"
    sex = identity.sex_of(number)
    if sex and resident.sex in ("1", "2") and sex != resident.sex:
        found["sex"] = "与身份证号不符"
    if identity.id_number_doubt(number):
        found["id_number"] = identity.id_number_doubt(number)
    return found


def _errors(resident: Resident, today: dt.date) -> Mapping[str, str]:
    return _time_errors(resident, today) | _number_errors(resident, today)


def _time_errors(resident: Resident, today: dt.date) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in ("born_on", "died_on", "moved_out_on"):
        on = getattr(resident, field)
        if on and on > today:
            found[field] = f"{RESIDENT.column(field).label}晚于今天，请核对年份"
        elif on and resident.born_on and on < resident.born_on:
            found[field] = f"{RESIDENT.column(field).label}早于出生日期"
    return found


def _number_errors(resident: Resident, today: dt.date) -> dict[str, str]:
    if not resident.id_number:
        return {}
    if resident.id_type in ("", CITIZEN_CARD):
        sentence = identity.id_number_problem(resident.id_number, today=today)
    else:
        sentence = identity.document_problem(resident.id_type, resident.id_number)
    return {"id_number": sentence} if sentence else {}


RESIDENT = describe(
    Resident,
    name="resident",
    label="居民",
    title=("name",),
    errors=_errors,
    doubts=_doubts,
    guarded=("merged_into",),
)
