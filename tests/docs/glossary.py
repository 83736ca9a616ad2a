"""docs/glossary.md from the kinds: python -m tests.docs.glossary writes it."""

from pathlib import Path

from sqzl_desktop.domain.kinds import KINDS

PATH = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
HEAD = """# 术语表 · Glossary

Every kind and field by its identifier. Generated from the kinds; written anew by
`python -m tests.docs.glossary`.
"""


def glossary() -> str:
    """The whole page."""
    parts = [HEAD]
    for kind in KINDS:
        parts.append(f"\n## {kind.label} · `{kind.name}`\n")
        parts.append("| 中文 | identifier | type |\n|---|---|---|")
        for column in kind.columns:
            of = column.facts.codes or column.facts.target
            shown = f"{column.type} ({of})" if of else column.type
            parts.append(f"| {column.label} | `{column.name}` | {shown} |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PATH.write_text(glossary(), encoding="utf-8")
