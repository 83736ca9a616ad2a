"""Charts as plain shapes."""

from sqzl_desktop.domain.statistics import Figure, Series
from sqzl_desktop.printing.charts import FIRST, SECOND, Box, Words, draw

DAYS = Figure(
    "days", "每日立案和结案", "件", tuple(map(str, range(1, 31))),
    (Series("立案", (120, *range(29))), Series("结案", (60, *[0] * 29))), "columns",
)  # fmt: skip


def test_days_stand_upright_as_high_as_their_numbers() -> None:
    drawing = draw(DAYS, width=440, size=9.5)

    _legend, _second, *boxes = [each for each in drawing.marks if isinstance(each, Box)]
    filed, closed = (
        max((box for box in boxes if box.colour == colour), key=lambda box: box.height)
        for colour in (FIRST, SECOND)
    )
    assert closed.height == filed.height / 2
    ground = {round(box.y + box.height, 3) for box in boxes}
    assert len(ground) == 1
    assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in boxes)
    assert drawing.height >= max(box.y + box.height for box in boxes)


def test_each_number_of_a_day_stands_below_it_without_touching_the_next() -> None:
    drawing = draw(DAYS, width=440, size=9.5)

    numbers = [each for each in drawing.marks
               if isinstance(each, Words) and each.anchor == "middle"]  # fmt: skip
    assert {"120", "60", "28"} <= {each.text for each in numbers}
    step = 440 / 31
    assert all(len(each.text) * each.size * 0.56 <= step for each in numbers)
    assert all(each.y < drawing.height for each in numbers)


def test_a_month_without_anything_has_no_columns() -> None:
    empty = Figure("days", "每日", "件", ("1",), (Series("立案", (0,)),), "columns")

    assert not [each for each in draw(empty, width=300, size=9).marks[2:] if isinstance(each, Box)]
