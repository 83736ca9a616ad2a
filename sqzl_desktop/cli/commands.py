"""命令: one function each; what it prints and which use-case it calls."""

import argparse
import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.base.errors import UserError
from sqzl_desktop.cli import cases, decisions, months, moves
from sqzl_desktop.cli.output import document, record_line, record_object, say, told
from sqzl_desktop.cli.values import kind_named, values_of
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.services import (
    elements,
    exports,
    finding,
    flow_steps,
    health,
    imports,
    papers,
    statistics,
)
from sqzl_desktop.services import quality as checking
from sqzl_desktop.services.arrivals import Choice
from sqzl_desktop.services.histories import STATES
from sqzl_desktop.services.session import Session

Arguments = argparse.Namespace


def sync(session: Session, args: Arguments) -> int:
    """One round of sync."""

    def progress(text: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{text} {done}/{total or '?'}   ", end="", file=sys.stderr)

    done = session.sync(progress, accept_removals=args.accept_removals)
    if args.json:
        document(done)
    say(f"同步完成：上报{done.pushed}项，下载{done.pulled}项，冲突{done.conflicts}项，"
        f"被退回{done.refused}项")  # fmt: skip
    for sentence in done.warnings():
        say(sentence)
    if done.guarded:
        say("确认无误后可运行 sync --accept-removals")
    return 1 if done.differs or done.guarded else 0


def pack(session: Session, args: Arguments) -> int:
    """Write what is unsent to a file for the server."""
    count = session.write_pack(Path(args.out))
    return told(args, f"已把{count}项写到 {args.out}，请带给服务器", file=args.out, count=count)


def unpack(session: Session, args: Arguments) -> int:
    """Take in a receipt of the server."""
    done = session.read_receipt(Path(args.receipt), accept_removals=args.accept_removals)
    if args.json:
        document(done)
    for sentence in done.sentences():
        say(sentence)
    return 1 if done.notes else 0


def status(session: Session, args: Arguments) -> int:
    """Where this device stands."""
    state, ws = session.sync_state(), session.ws
    report = {
        **dataclasses.asdict(state),
        "server": session.profile.server,
        "account": ws.actor.account,
        "name": ws.actor.name,
        "role": ws.actor.role,
        "scope": ws.actor.scope,
        "communities": ws.communities,
        "device": ws.device,
        "counts": {kind: elements.count(ws, kind) for kind in BY_NAME},
    }
    if args.json:
        document(report)
    else:
        say(f"待上报{state.pending}项，冲突{state.conflicts}项，被退回{state.refused}项")
    return 0


def list_records(session: Session, args: Arguments) -> int:
    """The records of a kind that pass the conditions."""
    kind = kind_named(args.kind)
    filters = [_condition(kind, pair) for pair in args.where]
    limit = args.limit if args.limit is not None else -1
    found = elements.find(session.ws, kind.name, filters=filters, limit=limit)
    if args.reveal:
        elements.reveal_all(session.ws, kind.name, found)
    if args.json:
        document([record_object(each, reveal=args.reveal) for each in found])
    else:
        for each in found:
            print(record_line(each, reveal=args.reveal))
    return 0


def _condition(kind: Kind[Any], pair: str) -> Filter:
    if pair.startswith("id="):
        return Filter("id", "=", pair.removeprefix("id="))
    ((name, value),) = values_of(kind, [pair]).items()
    if kind.column(name).type == "many" and value:
        return Filter(name, "has", value[0])
    return Filter(name, "=", value)


def show(session: Session, args: Arguments) -> int:
    """One record."""
    record = elements.get(session.ws, kind_named(args.kind).name, args.id)
    return _print(session, args, record)


def _print(session: Session, args: Arguments, record: Element) -> int:
    reveal = getattr(args, "reveal", False)
    if reveal:
        elements.reveal_all(session.ws, elements.kind_of(record).name, [record])
    if args.json:
        document(record_object(record, reveal=reveal))
    else:
        print(record_line(record, reveal=reveal))
    return 0


def new(session: Session, args: Arguments) -> int:
    """Register a record."""
    kind = kind_named(args.kind)
    made = cases.registered(session.ws, kind.name, values_of(kind, args.values))
    return _print(session, args, made)


def edit(session: Session, args: Arguments) -> int:
    """Change fields of a record."""
    kind = kind_named(args.kind)
    record = elements.get(session.ws, kind.name, args.id)
    changed = dataclasses.replace(record, **values_of(kind, args.values))
    return _print(session, args, elements.save(session.ws, changed))


def delete(session: Session, args: Arguments) -> int:
    """Delete a record."""
    elements.delete(session.ws, kind_named(args.kind).name, args.id)
    return told(args, "已删除", kind=args.kind, id=args.id)


def do(session: Session, args: Arguments) -> int:
    """Take a workflow step; some make another record, which is then printed."""
    kind = kind_named(args.kind)
    if made := cases.MAKING.get((kind.name, args.step)):
        values = values_of(BY_NAME[made], args.values)
        return _print(session, args, cases.made_by_step(session.ws, kind.name, args.id, values))
    values = values_of(kind, args.values)
    record = flow_steps.take_step(session.ws, kind.name, args.id, args.step, values)
    return _print(session, args, record)


def history(session: Session, args: Arguments) -> int:
    """Who changed which field of a record, when, from what to what; or the steps of a case."""
    if args.timeline:
        kind = kind_named(args.kind).name
        return cases.timeline(session.ws, kind, args.id, as_json=args.json)
    found = session.history(kind_named(args.kind).name, args.id)
    if args.json:
        document(found.changes)
    else:
        for each in found.changes:
            at = each.at.astimezone(BEIJING)
            print(f"{at:%Y-%m-%d %H:%M}\t{each.by}\t{each.label}\t{each.before}\t{each.after}\t"
                  f"{STATES[each.state]}")  # fmt: skip
    say(found.note)
    return 0


def find(session: Session, args: Arguments) -> int:
    """Search everything, or one kind."""
    kinds = [kind_named(args.kind).name] if args.kind else []
    found = finding.find_text(session.ws, args.text, kinds=kinds, limit=args.limit or 20)
    if args.json:
        document(found)
    else:
        for each in found:
            print(f"{each.kind}\t{each.id}\t{each.title}\t{each.detail}")
    return 0


def import_file(session: Session, args: Arguments) -> int:
    """Import a spreadsheet, or only say what it would do."""
    kind = kind_named(args.kind)
    plan = imports.preview_import(session.ws, kind.name, Path(args.file))
    if args.report:
        imports.write_report(plan, Path(args.report))
    result: Any = {"dry_run": args.dry_run, "counts": plan.counts}
    if not args.dry_run:
        grid = Choice("grid", args.grid)
        places = {each.place: grid for each in plan.held} if args.grid else {}
        chosen = imports.Choices(places=places, grid=args.grid or "")
        result["done"] = imports.apply_import(session.ws, plan, choices=chosen)
    if args.json:
        result["rows"] = [imports.row_object(row) for row in plan.rows]
        document(result)
    counts = plan.counts
    say(f"可导入{counts.get('accept', 0)}行，待核对{counts.get('review', 0)}行，"
        f"待选住址{counts.get('hold', 0)}行，退回{counts.get('reject', 0)}行，"
        f"跳过{counts.get('skip', 0)}行"
        + ("（只检查，没有写入）" if args.dry_run else ""))  # fmt: skip
    return 0


def export_file(session: Session, args: Arguments) -> int:
    """Write the records of a kind to a spreadsheet, sensitive fields masked."""
    wanted = exports.Wanted(
        kind_named(args.kind).name, reveal=args.reveal, reason=args.reason or ""
    )
    count = exports.export(session.ws, wanted, Path(args.file))
    return told(args, f"已导出{count}条到 {args.file}", file=args.file, count=count)


def print_form(session: Session, args: Arguments) -> int:
    """Print a form to a PDF file; the printing is kept."""
    paper = papers.print_form(session.ws, args.form, args.id)
    try:
        Path(args.out).write_bytes(paper.pdf)
    except OSError as error:
        raise UserError(f"写不进文件 {args.out}，请检查路径和磁盘空间") from error
    sentence = f"已生成 {args.out}，编号{paper.number}，核对码{paper.check_code}"
    return told(args, sentence, file=args.out, number=paper.number, check_code=paper.check_code)


def check(session: Session, args: Arguments) -> int:
    """Integrity of the file, outbox, digests, audit."""
    findings = health.check_store(session.ws)
    if args.json:
        document(findings)
    for each in findings:
        say(f"{'✓' if each.is_well else '✗'} {each.name}：{each.sentence}")
    return 0 if all(each.is_well for each in findings) else 1


def quality(session: Session, args: Arguments) -> int:
    """What is wrong or due in the register, or the records that one check finds."""
    if args.check:
        ids = checking.open_list(session.ws, args.check)
        if args.json:
            document(ids)
        else:
            print(*ids, sep="\n")
        return 0
    lines = checking.panel(session.ws)
    checking.keep(session.ws, lines)
    if args.json:
        document([
            {"check": line.check.name, "kind": line.check.kind, "label": line.check.label,
             "total": line.total, "by_grid": dict(line.by_grid), "before": line.before}
            for line in lines
        ])  # fmt: skip
        return 0
    for line in lines:
        if line.total:
            print(f"{line.check.name}\t{line.check.label}\t{line.total}")
    say(f"检查了{len(lines)}项，{sum(not line.total for line in lines)}项没有问题")
    return 0


def stats(session: Session, args: Arguments) -> int:
    """The figures of the community or a grid as of a day; also as a sheet or on paper."""
    if args.month:
        return months.month(session, args)
    ws = session.ws
    found = statistics.report(ws, args.place, statistics.asked_day(args.day, ws))
    if args.out:
        statistics.write_file(ws, found, Path(args.out))
        return told(args, f"已写到 {args.out}", file=args.out)
    if args.json:
        document(found)
        return 0
    print(statistics.heading(found))
    for row in statistics.sheet_rows(found):
        print(*row, sep="\t")
    return 0


COMMANDS: dict[str, Callable[[Session, Arguments], int]] = {
    "sync": sync,
    "pack": pack,
    "unpack": unpack,
    "status": status,
    "list": list_records,
    "show": show,
    "new": new,
    "edit": edit,
    "delete": delete,
    "do": do,
    "move": moves.move,
    "undo": moves.take_back,
    "merge": moves.merge,
    "history": history,
    "find": find,
    "conflicts": decisions.list_conflicts,
    "settle": decisions.settle,
    "reopen": decisions.reopen,
    "pending": decisions.list_pending,
    "reoffer": decisions.reoffer,
    "giveup": decisions.give_up,
    "handovers": decisions.list_handovers,
    "accept": decisions.accept,
    "decline": decisions.decline,
    "import": import_file,
    "export": export_file,
    "print": print_form,
    "check": check,
    "quality": quality,
    "stats": stats,
}
