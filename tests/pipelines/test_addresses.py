from __future__ import annotations

import pytest

from pipelines.addresses import check_reachable, is_email, is_phone
from pipelines.contracts import PipelineError


@pytest.mark.parametrize(
    "text", ["anna@example.com", "Jan.O'Neill+nps@mail.co.uk", "a@b.cz", "x_1@xn--w-uga1v8h.pl"]
)
def test_an_address_has_a_name_and_a_domain_with_a_dot(text: str) -> None:
    assert is_email(text)
    check_reachable(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "brak", "not an address", "a@b", "@example.com", "anna@", "anna@@example.com"),
        *("a@example..com", ".a@example.com", "a@example.com\n", "a@x.cz b@x.cz", "a@x.cz,b@x.cz"),
        *("a b@example.com", "anna@example.com.", f"{'a' * 65}@example.com", "anna@-x.com"),
    ],
)
def test_what_has_blanks_empty_parts_or_no_dot_is_no_address(text: str) -> None:
    assert not is_email(text)
    with pytest.raises(PipelineError, match="neither an e-mail address nor"):
        check_reachable(text)


@pytest.mark.parametrize(
    "text",
    [
        *("+48 600 100 200", "0048600100200", "(22) 123-45-67", "600.100.200", "+372 5600 055"),
        *("tel. 22 123 45 67 wew. 12", "+44 (0)20 7946 0000", "600100200"),
    ],
)
def test_a_number_is_written_in_many_ways(text: str) -> None:
    assert is_phone(text)
    check_reachable(text)


@pytest.mark.parametrize("text", ["", "brak", "-", "112", "a12345@b", "1" * 26])
def test_what_has_no_digits_few_or_far_too_many_is_no_number(text: str) -> None:
    assert not is_phone(text)
