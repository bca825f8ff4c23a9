from __future__ import annotations

import pytest

from models.closings import closing_start
from models.own_words import find_cuts

CLOSED = [
    "Paczka nie dotarła. | Pozdrawiam, Jan Kowalski",
    "Paczka nie dotarła. | Pozdrawiam serdecznie, Anna Nowak",
    "Paczka nie dotarła. | Pozdrawiam Jan Kowalski",
    "Oddzwońcie! | Miłego dnia",
    "Dziękuję. | Pozdrawiam!",
    "Balík nedorazil. | S pozdravem, Jan Novák",
    "Balík nedorazil :( | S přátelským pozdravem Jana Malá",
    "Nefunguje to. | Hezký den, Jana",
    "Nefunguje to. | Děkuji, Jan Novák",
    "Pakk ei jõudnud kohale. | Lugupidamisega, Mari Tamm",
    "Pakk ei jõudnud kohale! | Kena päeva!",
    "The parcel never arrived. | Kind regards, John Smith.",
    "Have a nice day, they said. | All the best",
]
READ = [
    "Super! Pozdrawiam panią Kasię",
    "Super. Pozdrawiam Panią Kasię z okienka.",
    "Paczka nie dotarła. Pozdrawiam! Super!",
    "Paczka nie dotarła, pozdrawiam",
    "Chtěl bych poděkovat. Zdravím paní Novákovou",
    "Nefunguje to. Děkuji",
    "Hezký den. Balík nedorazil.",
    "The parcel never arrived. Thanks, John",
    "It was great. Best wishes to the whole team",
    "Kõik sujus. Tervitades meid uksel, naeratas ta",
]


@pytest.mark.parametrize("text", CLOSED)
def test_a_closing_formula_is_cut_with_the_name_that_signs(text: str) -> None:
    said, closing = text.split(" | ")
    comment = f"{said} {closing}"
    (cut,) = find_cuts(comment)
    assert cut.type == "signature"
    assert comment[cut.start : cut.end] == closing


@pytest.mark.parametrize("text", READ)
def test_whom_somebody_greets_or_thanks_is_read(text: str) -> None:
    assert closing_start(text) is None


def test_addresses_below_a_closing_formula_are_cut_with_it() -> None:
    closing = "Pozdrawiam, Jan Kowalski\ntel. 500 600 700\njan@example.com"
    text = f"{'Paczka nie dotarła. ' * 40}{closing}"
    (cut,) = find_cuts(text)
    assert text[cut.start : cut.end] == closing


def test_a_closing_formula_is_read_where_nothing_else_is_said() -> None:
    assert find_cuts("Pozdrawiam, Jan Kowalski") == ()
