"""常用语: a text that a community writes often, kept to be put in by one key."""

from sqzl_desktop.schema import fields
from sqzl_desktop.schema.kind import describe


@fields.record
class CasePhrase(fields.Element):
    """A frequent text. `use` is `report`, or the step for which it is written."""

    use: str = fields.text("用于", required=True, listed=True)
    text: str = fields.text("内容", required=True, search="words", listed=True)


CASE_PHRASE = describe(
    CasePhrase, name="case_phrase", label="常用语", title=("text",), in_grid=False
)
