"""What people, laptops and networks may do to each other: the rules of the invented histories.

A history is a list of steps (rule, by, which, value), small numbers all: the same list gives the
same history, whoever invented it, and dropping steps leaves a history. Refusals and a missing
network are answers; anything else that is raised is a failure.
"""

from collections.abc import Callable

from tests.sync.casework import beside, case
from tests.sync.disasters import attach, back_up, fall_back, shut_out, spoil, stick
from tests.sync.everyday import (
    amend,
    back,
    clash,
    clock,
    clone,
    crash,
    decide,
    delete,
    edit,
    household,
    image,
    later,
    lose,
    move,
    register,
    restart,
    scope,
    settle,
    sync,
    tag,
    topic,
    visit,
)
from tests.sync.ground import Laptop
from tests.sync.world import Step, World

# how often each rule is drawn
WEIGHTS: dict[Callable[[World, Laptop, int, int], None], int] = {
    register: 6, edit: 12, tag: 4, move: 4, delete: 3, settle: 6, household: 3, visit: 1, topic: 4,
    sync: 20, restart: 1, clock: 1, scope: 4, later: 1, decide: 3, image: 1, back: 1,
    clone: 1, crash: 2, clash: 2, amend: 3, lose: 1,
    back_up: 1, fall_back: 1, spoil: 1, shut_out: 1, stick: 2, attach: 1,
    case: 14, beside: 2,
}  # fmt: skip
RULES = {rule.__name__: rule for rule in WEIGHTS}
_SAVE_NOTHING = {
    each.__name__ for each in (sync, restart, clock, scope, later, image, back, clone,
                               back_up, fall_back, shut_out, stick)
}  # fmt: skip


def take(world: World, step: Step) -> None:
    """One step. A rule that makes no sense now does nothing."""
    name, by, which, value = step
    laptop = world.laptops[by % len(world.laptops)]
    RULES[name](world, laptop, which, value)
    if name not in _SAVE_NOTHING:
        world.note(laptop)
