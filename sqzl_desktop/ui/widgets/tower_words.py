"""楼栋图说明: a dwelling in words: for the tip under the mouse and for who listens."""

from collections.abc import Mapping

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.tower import Cell, Layout
from sqzl_desktop.domain.tower_rooms import Room, use_of


def worded(room: Room) -> str:
    """Room, use, people, tags, visit: one line."""
    tags = [code_list("key_population").label(tag) for tag in room.tags]
    parts = [f"{room.door.room}室", "商铺" if room.is_shop else use_of(room.use).label]
    parts.append(f"{room.head}，{room.people}人" if room.people else "没有登记现住人员")
    parts += ["、".join(tags)] if tags else []
    if room.is_due:
        parts.append("走访到期")
    return "；".join(parts)


def tip(room: Room, cell: Cell) -> str:
    """The same on several lines, with the last visit and where the place is from."""
    lines = worded(room).split("；")
    last = room.last_visit_on
    if room.people:
        lines.append(f"最近走访 {last.isoformat()}" if last else "没有走访记录")
    if room.hazard not in ("", "00"):
        lines.append(f"安全隐患：{code_list('hazard').label(room.hazard)}")
    if cell.is_guessed:
        lines.append("没有登记楼层" + ("，按室号放置" if cell.floor else "，放在最下方"))
    return "\n".join(lines)


def told(layout: Layout, rooms: Mapping[str, Room]) -> str:
    """What is odd about where the dwellings are, in a sentence; "" where nothing is."""
    by_number = [cell for cell in layout.cells if cell.is_guessed and cell.floor is not None]
    lost = [cell for cell in layout.cells if cell.is_guessed and cell.floor is None]
    parts = []
    if by_number:
        parts.append(f"{len(by_number)} 户没有登记楼层，按室号放置（虚线框）")
    if lost:
        parts.append(f"{len(lost)} 户未定位，放在最下方")
    if layout.clashes:
        pairs = "、".join(
            f"{rooms[one].door.room}和{rooms[other].door.room}" for one, other in layout.clashes[:3]
        )
        more = "等" if len(layout.clashes) > 3 else ""
        parts.append(f"{len(layout.clashes)} 处两户占同一格（{pairs}{more}），请核对是否重复登记")
    return "；".join(parts)
