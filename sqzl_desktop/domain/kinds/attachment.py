"""附件: a photo or file of a record. The row says what it is; its content lies apart."""

import datetime as dt

from sqzl_desktop.schema.fields import Element, moment, number, record, text
from sqzl_desktop.schema.kind import describe


@record
class Attachment(Element):
    """One photo or file of one record, named by the SHA-256 of its content.

    It lies in the grid of its record. Only the caption is ever edited.
    """

    record_kind: str = text("所附要素种类", required=True)
    record_id: str = text("所附要素", required=True)
    name: str = text("文件名", required=True, listed=True)
    media_type: str = text("文件类型", required=True)
    size: int | None = number("字节数", required=True)
    sha256: str = text("内容标识", required=True)
    taken_at: dt.datetime | None = moment("拍摄时间", listed=True)
    caption: str = text("说明", search="words", listed=True)


ATTACHMENT = describe(
    Attachment, name="attachment", label="附件", title=("name",), in_grid=False,
    guarded=("record_kind", "record_id", "name", "media_type", "size", "sha256", "taken_at"),
)  # fmt: skip
