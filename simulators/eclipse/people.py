"""Finding people, and whether something may be filed for one."""

import time

from .model import Person
from .refusals import duplicate, locked, no_open_episode, restricted
from .world import World


def search(world: World, wanted: str, *, wildcard: bool) -> list[Person]:
    """By number (the product's own or CareFirst's) when it is one, else by part of the name; never a hidden person."""
    shown = [world.people[number] for number in sorted(world.people) if not world.people[number].hidden]
    if not (wanted.isascii() and wanted.isdigit()):
        return [person for person in shown if not person.restricted and wanted.lower() in person.name.lower()]
    return [person for person in shown if any(_matches(held, wanted, wildcard) for held in _numbers(person))]


def readable(world: World, number: int) -> Person:
    """A person whose record is open to the sign-in. Raises a 404 or a 403."""
    person = world.person(number)
    if person.restricted:
        raise restricted()
    return person


def live(world: World, number: int) -> Person:
    """A readable person who is no duplicate: enough for a task. Raises the refusal otherwise."""
    person = readable(world, number)
    if person.duplicated:
        raise duplicate(person.duplicate_of)
    return person


def unlocked(world: World, number: int) -> Person:
    """A live person whose forms nobody has open. A lock without an end is held until somebody lifts it."""
    person = live(world, number)
    held = person.locked_until is None or person.locked_until > time.time() * 1000
    if person.locked_by is not None and held:
        raise locked(person.locked_by, person.locked_until)
    return person


def in_episode(person: Person) -> None:
    """Raises the refusal for a person without an open episode."""
    if not person.open_episode:
        raise no_open_episode()


def _numbers(person: Person) -> list[str]:
    """A restricted person's old number is not shown, so it finds nobody either."""
    old = person.care_first if person.care_first and not person.restricted else None
    return [str(person.id), *([old] if old else [])]


def _matches(held: str, wanted: str, wildcard: bool) -> bool:
    return held.startswith(wanted) if wildcard else held == wanted
