"""The attacks, in the order in which they are run."""

from tests.attacks.scenarios import (
    canaries,
    cross_tenant,
    drills,
    egress,
    hostile_xml,
    injection,
    input_bombs,
    openapi,
    tampering,
)

ATTACKS = (
    input_bombs.ATTACK,
    injection.ATTACK,
    openapi.ATTACK,
    egress.ATTACK,
    hostile_xml.ATTACK,
    cross_tenant.ATTACK,
    tampering.ATTACK,
    canaries.ATTACK,
    drills.ATTACK,
)
