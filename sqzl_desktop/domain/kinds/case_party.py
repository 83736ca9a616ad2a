"""涉事人员: somebody a case is about, beside whoever reported it."""

from sqzl_desktop.schema.fields import Element, code, flag, note, record, ref, text
from sqzl_desktop.schema.kind import describe


@record
class CaseParty(Element):
    """One person of a case; a resident of the register, or named here."""

    case_id: str = ref("案件", "case", required=True)
    role: str = code("身份", "party_role", required=True, listed=True)
    resident_id: str = ref("居民", "resident", listed=True)
    name: str = text("姓名", search="name", listed=True)
    id_number: str = text("证件号码", sensitive=True, search="tail")
    phone: str = text("联系电话", format="phone", sensitive=True, search="tail")
    address: str = text("住址", sensitive=True)
    is_minor: bool = flag("未成年人", listed=True)
    remark: str = note("备注")


CASE_PARTY = describe(CaseParty, name="case_party", label="涉事人员", title=("name", "role"))
