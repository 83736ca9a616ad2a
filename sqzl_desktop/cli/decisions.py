"""待处理: conflicts and refusals on the command line."""

import argparse
import dataclasses

from sqzl_desktop.cli.output import document, told
from sqzl_desktop.cli.values import values_of
from sqzl_desktop.services import conflicts, elements, handovers, pending
from sqzl_desktop.services.session import Session

Arguments = argparse.Namespace


def list_conflicts(session: Session, args: Arguments) -> int:
    """The conflicts that wait for a choice, or those that were settled."""
    read = conflicts.settled_conflicts if args.settled else conflicts.open_conflicts
    found = read(session.ws)
    if args.json:
        document(found)
    else:
        for each in found:
            print(f"{each.id}\t{each.title}\t{each.label}\t{each.standing.value}\t"
                  f"{each.other.value}")  # fmt: skip
    return 0


def settle(session: Session, args: Arguments) -> int:
    """Choose between the two values of one or several conflicts."""
    conflicts.settle_all(session.ws, args.id, args.keep)
    return told(args, "已处理，下次同步时上报", id=args.id, keep=args.keep)


def reopen(session: Session, args: Arguments) -> int:
    """Take the choice of conflicts back."""
    conflicts.undo(session.ws, args.id)
    return told(args, "已撤销，重新列为待处理；下次同步时上报", id=args.id)


def list_pending(session: Session, args: Arguments) -> int:
    """What the server refused: what was meant, and why not."""
    found = pending.entries(session.ws)
    if args.json:
        document(found)
        return 0
    for each in found:
        for meant in each.meant:
            changes = "；".join(f"{it.label}：{it.before or '（空）'} → {it.after or '（空）'}"
                               for it in meant.fields)  # fmt: skip
            print(f"{each.id}\t{meant.title}\t{meant.action}\t{changes}\t{each.reason}")
    return 0


def reoffer(session: Session, args: Arguments) -> int:
    """Offer what was refused again, as it is or with corrected fields."""
    if not args.values:
        pending.offer_again(session.ws, args.id)
    else:
        draft = pending.draft(session.ws, args.id)
        values = values_of(elements.kind_of(draft.filled), args.values)
        corrected = dataclasses.replace(draft.filled, **values)
        pending.offer_changed(session.ws, args.id, draft.shown, corrected)
    return told(args, "已重新列入待上报，下次同步时上报", id=args.id)


def give_up(session: Session, args: Arguments) -> int:
    """Let go of what was refused; it stays in the journal."""
    pending.give_up(session.ws, args.id)
    return told(args, "已放弃，内容留在操作日志里", id=args.id)


def list_handovers(session: Session, args: Arguments) -> int:
    """The handovers that wait for a decision."""
    found = handovers.open_handovers(session.ws)
    if args.json:
        document(found)
    else:
        for each in found:
            words = "；".join(f"{label}：{before}→{after}" for label, before, after in each.changes)
            print(f"{each.id}\t{each.by}\t{each.what}\t{each.title}\t{words}")
    return 0


def accept(session: Session, args: Arguments) -> int:
    """Take a handover over."""
    handovers.accept(session.ws, args.id)
    return told(args, "已接受，下次同步时上报", id=args.id)


def decline(session: Session, args: Arguments) -> int:
    """Leave things as they are."""
    handovers.decline(session.ws, args.id, args.reason)
    return told(args, "已谢绝，下次同步时上报", id=args.id)
