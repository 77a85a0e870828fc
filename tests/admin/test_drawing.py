"""Where bars, lines and labels of a chart stand."""

import subprocess
import sys

import pytest
from makeready_admin.home.drawing import BOTTOM, TOP, Drawing, Kind, Series, Tick, time_ticks, whole_ticks


def drawing(kind: Kind, *values: list[float | None], ticks: list[Tick] | None = None) -> Drawing:
    return Drawing(
        title="A chart",
        labels=[str(number) for number in range(len(values[0]))],
        series=[Series(name=str(place), colour="good", values=given) for place, given in enumerate(values)],
        ticks=ticks or whole_ticks(4),
        kind=kind,
    )


def test_stacked_bars_stand_upon_one_another() -> None:
    lower, upper, alone = drawing(Kind.STACKED, [1.0, None], [3.0, 2.0]).bars()
    assert lower.y + lower.height == pytest.approx(BOTTOM)
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert (upper.y, upper.x) == (pytest.approx(TOP), lower.x)
    assert alone.y + alone.height == pytest.approx(BOTTOM)
    assert alone.x > lower.x + lower.width


def test_bars_of_one_column_stand_beside_one_another() -> None:
    first, second = drawing(Kind.BARS, [4.0], [2.0]).bars()
    assert second.x == pytest.approx(first.x + first.width)
    assert first.height == pytest.approx(2 * second.height)


def test_a_line_is_interrupted_where_nothing_is_known_and_ten_times_as_much_is_one_step_up() -> None:
    ticks = time_ticks(1, 1000)
    [line] = drawing(Kind.LINES, [1.0, 10.0, None, 1000.0], ticks=ticks).lines()
    assert [len(run) for run in line.runs] == [2, 1]
    low, middle, high = (y for run in line.runs for _, y in run)
    assert (low, high) == (pytest.approx(BOTTOM), pytest.approx(TOP))
    assert low - middle == pytest.approx((low - high) / 3)


@pytest.mark.parametrize(("count", "shown"), [(0, []), (1, ["0"]), (24, ["3", "8", "13", "18", "23"])])
def test_few_labels_are_shown_and_the_last_one_among_them(count: int, shown: list[str]) -> None:
    assert [label for _, label in drawing(Kind.BARS, [1.0] * count).names()] == shown


def test_ticks_are_of_a_round_size() -> None:
    assert [tick.label for tick in whole_ticks(37)] == ["0", "10", "20", "30", "40"]
    assert [tick.label for tick in whole_ticks(0)] == ["0", "1"]
    assert [tick.label for tick in time_ticks(40, 3000)] == ["10 ms", "100 ms", "1 s", "10 s"]


def test_importing_the_charts_changes_nothing_of_how_python_imports() -> None:
    script = "import sys; before = list(sys.meta_path); import makeready_admin.home.charts; assert sys.meta_path == before"
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603
