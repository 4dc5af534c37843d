from drill import form_fuzz
from tests.world import World


def test_no_input_of_a_page_breaks_it(world: World, fresh_cache: None) -> None:
    outcomes = list(form_fuzz.attack(world, cases=720, seed=20261119))
    assert [outcome.line() for outcome in outcomes if not outcome.held] == []
