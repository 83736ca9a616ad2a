"""要素种类: which kinds the lists of elements show, in groups, in their order."""

from sqzl_desktop.domain.attention import BLOCKS, GROUPS

GROUPED = (
    ("人", ("resident", "household", "residence", *BLOCKS)),
    ("关爱与重点人群", tuple(group.kind for group in GROUPS)),
    ("地", ("estate", "building", "dwelling", "grid", "community")),
    ("事", ("visit", "notice", "duplicate")),
    ("物", ("facility",)),
    ("组织", ("organisation", "staff")),
)
SHOWN = tuple(kind for _, kinds in GROUPED for kind in kinds)
