"""What is said with a move is kept whole or refused, never cut."""

import pytest

from core.inputs import LONGEST, clean_inputs
from core.workflow import Input, Move


def move(kind: str, longest: int = 0) -> Move:
    return Move("X01", "say", "Say", ("A",), "B", (), (), (Input("said", "Said", kind, longest=longest),))


@pytest.mark.parametrize("kind", ["text", "line", "lines"])
@pytest.mark.parametrize("longest", [0, 7])
def test_a_text_is_kept_to_its_last_character_and_refused_with_one_more(kind: str, longest: int) -> None:
    most = longest or LONGEST[kind]
    whole = "字" * most
    values, problems = clean_inputs(move(kind, longest), {"said": whole})
    assert (values, problems) == ({"said": [whole] if kind == "lines" else whole}, [])
    values, problems = clean_inputs(move(kind, longest), {"said": whole + "多"})
    assert values == {}
    assert [(problem.code, problem.field) for problem in problems] == [("too_long", "said")]
    assert str(most) in str(problems[0].message)
