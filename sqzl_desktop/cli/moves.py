"""变动: moves of life, their undoing, and merging of duplicates on the command line."""

import argparse
import datetime as dt
from collections.abc import Callable

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.cli.move_names import MOVES
from sqzl_desktop.cli.output import document, say
from sqzl_desktop.domain.households import Owner
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.moves import Arrival
from sqzl_desktop.services import merging, moves, undo
from sqzl_desktop.services.moves import Done
from sqzl_desktop.services.session import Session
from sqzl_desktop.services.workspace import Workspace

Arguments = argparse.Namespace


def move(session: Session, args: Arguments) -> int:
    """One move of life, as one action."""
    return _told(args, _DONE[args.move](session.ws, args))


def take_back(session: Session, args: Arguments) -> int:
    """Undo a move or a merge."""
    kinds = undo.undo(session.ws, args.group)
    if args.json:
        document({"group": args.group, "kinds": kinds})
    say("已撤销，恢复为变动以前的内容")
    return 0


def merge(session: Session, args: Arguments) -> int:
    """Merge records of one person; the values proposed are taken."""
    ids = [args.kept, *args.others]
    found = merging.compare(session.ws, ids)
    choices = {each.field: ids.index(found.ids[each.proposed]) for each in found.lines}
    return _told(args, merging.merge(session.ws, ids, choices))


def _told(args: Arguments, done: Done) -> int:
    if args.json:
        document(done)
    say(f"{done.sentence}；撤销：undo {done.group}")
    return 0


def _on(args: Arguments) -> dt.date | None:
    try:
        return dt.date.fromisoformat(args.on) if args.on else None
    except ValueError as error:
        raise Refused("--on 应写成 2026-07-01") from error


def _born(ws: Workspace, args: Arguments) -> Done:
    child = Resident(name=args.name, sex=args.sex, born_on=_on(args))
    return moves.born(ws, child, parent_id=args.id[0])


def _died(ws: Workspace, args: Arguments) -> Done:
    return moves.died(
        ws, args.id[0], on=_on(args), next_head_id=args.head, mark_vacant=args.vacant
    )  # fmt: skip


def _out(ws: Workspace, args: Arguments) -> Done:
    return moves.moved_out(
        ws, args.id, on=_on(args), to=args.to, next_head_id=args.head, mark_vacant=args.vacant
    )


def _in(ws: Workspace, args: Arguments) -> Done:
    arrival = Arrival(
        args.dwelling, _on(args), args.stay, household=args.household, next_head_id=args.head
    )
    people = [Resident(id=each) for each in args.id]
    return moves.moved_in(ws, people, arrival, mark_vacant=args.vacant)


def _split(ws: Workspace, args: Arguments) -> Done:
    return moves.split(
        ws, args.id, on=_on(args), dwelling_id=args.dwelling, next_head_id=args.head
    )  # fmt: skip


def _join(ws: Workspace, args: Arguments) -> Done:
    return moves.merged(ws, args.id[0], into_id=args.household, on=_on(args))


def _head(ws: Workspace, args: Arguments) -> Done:
    return moves.head_changed(ws, args.id[0], head_id=args.head)


def _let(ws: Workspace, args: Arguments) -> Done:
    arrival = Arrival(args.dwelling, _on(args), household="new")
    tenants = [Resident(id=each) for each in args.id]
    return moves.let_out(ws, tenants, arrival, owner=Owner(args.name), use="")


def _end(ws: Workspace, args: Arguments) -> Done:
    return moves.let_ended(ws, args.id[0], on=_on(args), to=args.to, mark_vacant=args.vacant)


def _sold(ws: Workspace, args: Arguments) -> Done:
    return moves.sold(ws, args.id[0], owner=Owner(args.name), on=_on(args),
                      leave_to=args.to or None, mark_vacant=args.vacant)  # fmt: skip


_DONE: dict[str, Callable[[Workspace, Arguments], Done]] = dict(zip(
    MOVES, (_born, _died, _out, _in, _split, _join, _head, _let, _end, _sold), strict=True,
))  # fmt: skip
