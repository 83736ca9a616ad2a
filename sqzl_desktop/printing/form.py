"""表式: what the rest of the program knows of a printed form."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sqzl_desktop.printing.fonts import FontSet

Values = TypeVar("Values", contravariant=True)


class Render(Protocol[Values]):
    """Sets the values of one paper and gives the bytes of its PDF."""

    def __call__(self, values: Values, /, *, fonts: FontSet = ...) -> bytes:
        """The finished PDF."""
        ...


@dataclass(frozen=True)
class Form(Generic[Values]):
    """A printed form: its name, what people call it, the kind it prints, and how.

    A form `of_place` is about many records: those of a place and month, written PLACE@2026-06.
    """

    name: str
    label: str
    kind: str
    render: Render[Values]
    of_place: bool = False
