from drill import api_fuzz
from tests.furnish import furnish
from tests.world import World


def test_no_request_breaks_the_api_or_gets_an_answer_that_is_not_described(
    world: World, fresh_cache: None
) -> None:
    outcomes = list(api_fuzz.attack(world, furnish(world), cases=300, number=7))
    assert [outcome.line() for outcome in outcomes if not outcome.held] == []
