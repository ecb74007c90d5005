"""A profile's settings as keys with words, without any credential: a reference says where one is, not what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from service.adapters.egress import Rule
from service.adapters.profiles import Profile


def flat(profile: Profile) -> dict[str, str]:
    """Every setting that is written or holds without being written, in the order of a profile file."""
    return dict(_all(profile))


def _all(profile: Profile) -> Iterator[tuple[str, str]]:
    for name in ("authority", "name", "slug", "in_use", "case_system", "connector"):
        yield name, _said(getattr(profile, name))
    for kind, record in profile.records.items():
        at = f"records.{kind}"
        yield f"{at}.label", record.label
        yield f"{at}.mapping", record.mapping.name
        yield f"{at}.templates", _said(record.templates)
        yield from _part(f"{at}.target", record.target)
    yield "review.interval_months", str(profile.review.interval_months)
    yield "review.window_days", str(profile.review.window_days)
    yield from _part("review.task", profile.review.task)
    yield "support_plan.items_max", str(profile.support_plan_items_max)
    yield from ((f"rules.{each.name}", _said(getattr(profile.rules, each.name))) for each in fields(profile.rules))
    yield from _part("connection", profile.connection)
    yield (
        "egress",
        "; ".join(map(rule_said, profile.egress.rules)) if profile.egress else "the connection's own address",
    )
    yield "documents.in", profile.documents.kept
    yield from _part("documents.connection", profile.documents.connection)
    yield from _part("documents.target", profile.documents.target)
    delivery = profile.delivery
    yield from ((f"delivery.{each.name}", _said(getattr(delivery, each.name))) for each in fields(delivery))
    yield from _part("confirmed", profile.confirmed)


def rule_said(rule: Rule) -> str:
    """One rule on where connections may go, in a line."""
    networks = f" in {', '.join(map(str, rule.networks))}" if rule.networks else ""
    return f"{rule.scheme}://{rule.host}:{rule.port}{networks}{' (this machine)' if rule.loopback else ''}"


def _part(name: str, values: Mapping[str, str | int]) -> Iterator[tuple[str, str]]:
    yield from ((f"{name}.{key}", str(value)) for key, value in values.items())


def _said(value: bool | str | int | Sequence[str]) -> str:  # noqa: FBT001 - a setting is whatever it is
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ", ".join(value)
