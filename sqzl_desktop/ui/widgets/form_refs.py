"""表单引用: what the records are called to which the fields of a form refer."""

from collections.abc import Mapping, Set

from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import RefEditor
from sqzl_desktop.ui.widgets.form_fields import FormFields


def name_refs(fields: FormFields, desk: Desk, record: Element, keep: Set[str]) -> None:
    """Show what the records are called that a record refers to; not in the fields `keep`."""
    ws, made = desk.ws, fields.editors.made
    refs = {
        name: (each.column.facts.target, getattr(record, name))
        for name, each in made.items()
        if isinstance(each, RefEditor) and name not in keep and getattr(record, name)
    }

    def done(titles: Mapping[str, str]) -> None:
        for name, title in titles.items():
            each = made[name]
            if isinstance(each, RefEditor) and each.record_id == refs[name][1]:
                each.show_title(title)

    if refs:
        desk.run(fields, lambda: _titles(ws, refs), done)


def _titles(ws: Workspace, refs: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {
        name: elements.titles(ws, target, [record_id]).get(record_id, "（不在本机）")
        for name, (target, record_id) in refs.items()
    }
