"""工作人员: community workers, grid workers, building leads."""

from sqzl_desktop.schema.fields import Element, code, record, text
from sqzl_desktop.schema.kind import describe


@record
class Staff(Element):
    """A person who works for the community. The account to sign in with is the server's."""

    name: str = text("姓名", required=True, search="name", listed=True)
    post: str = code("岗位", "staff_post", listed=True)
    phone: str = text("联系电话", format="phone", search="tail", sensitive=True, listed=True)
    political: str = code("政治面貌", "political")
    education: str = code("文化程度", "education")
    account: str = text("登录账号", listed=True)


STAFF = describe(Staff, name="staff", label="工作人员", title=("name",), in_grid=False)
