"""The attacks, in the order in which they are run."""

from tests.attacks.scenarios import injection, input_bombs, openapi

ATTACKS = (input_bombs.ATTACK, injection.ATTACK, openapi.ATTACK)
