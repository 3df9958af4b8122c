"""Cells of the picture."""

from exports import matrix
from exports.models import ExportItem
from library.jobs import State


def item(position=0, state=State.PENDING, changes=(), bank="", number=None, sound="kick"):
    return ExportItem(
        position=position,
        state=state,
        changes=list(changes),
        bank=bank,
        number=number,
        sample_class=sound,
    )


def test_each_state_has_its_look_and_the_marks_say_it_without_colour():
    looks = {
        "q": item(),
        "n": item(state=State.PROCESSING),
        "d": item(state=State.COMPLETED, changes=["44.1 to 48 kHz"]),
        "w": item(state=State.COMPLETED, changes=["Padded with silence to 100 ms"]),
        "e": item(state=State.FAILED),
        "": item(state=State.CANCELLED),
    }
    assert {look: matrix.look(one) for look, one in looks.items()} == {look: look for look in looks}
    assert matrix.look(item(state=State.WAITING)) == "q"
    marks = [matrix.Cell("x", look).mark for look in looks]
    assert marks == ["", "", "", "!", "×", ""]


def test_a_kit_has_ten_banks_of_sixteen():
    banks = matrix.banks([item(bank="A", number=16), item(1, bank="J", number=1)])
    assert "".join(bank.letter for bank in banks) == "ABCDEFGHIJ"
    assert {len(bank.cells) for bank in banks} == {16}
    assert [bank.filled for bank in banks] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert banks[0].cells[15] == matrix.Cell("cell-A16", "q", "kick")
    assert banks[0].cells[0] == matrix.Cell("cell-A1")


def test_a_band_has_at_most_160_cells():
    for total in (1, 160, 161, 320, 321, 10_000):
        per_cell = matrix.files_per_cell(total)
        cells = matrix.band([item(position) for position in range(total)], per_cell)
        assert len(cells) == -(-total // per_cell) <= 160
    assert matrix.files_per_cell(160) == 1
    assert matrix.files_per_cell(161) == 2


def test_a_cell_of_several_shows_what_needs_attention_first():
    done, changed = State.COMPLETED, ["96 to 48 kHz"]
    group = [item(0, done), item(1, done, changed), item(2, State.FAILED), item(3)]
    assert matrix.band(group, 4) == [matrix.Cell("cell-0", "e", "kick")]
    assert matrix.band(group[:2] + group[3:], 4)[0].look == "w"
    assert matrix.band([group[0], group[3]], 4)[0].look == "q"
    assert matrix.band(group[:1], 4)[0].look == "d"
