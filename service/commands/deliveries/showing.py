"""Deliveries, orders and lanes as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
from rich.text import Text

from service.commands.adapter.showing import console, plain, table

Shown = Mapping[str, Any]


def age_in_words(seconds: int) -> str:
    """The two largest units, as "3 d 4 h"."""
    parts = []
    for name, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"


def list_shown(found: Sequence[Shown]) -> None:
    """One line for each: where it stands, since when, why, and whose it is."""
    made = table("reference", "what", "state", "for", "why", "whose", widths=(14, 12, 10, 8, 30, 16))
    for each in found:
        age = Text(age_in_words(each["age_seconds"]), style="bold red" if each["too_old"] else "")
        what = f"{each['record_type']} {each['kind']}".replace("_", " ")
        row = (plain(each["reference"]), plain(what), plain(each["state"]), age)
        made.add_row(*row, plain(each["explanation"] or _number(each)), plain(each["owner"] or "–"))
    console().print(made if found else "Nothing is there that fits.")


def item_line(each: Shown) -> None:
    """What an order left it as."""
    why = f": {each['explanation']}" if each["explanation"] else ""
    click.echo(f"{each['reference']} is {each['state']}{why}{' ' + _number(each) if each['record_number'] else ''}")


def inspected(found: Shown) -> None:
    """One delivery with its attempts, its orders, and what can be done now."""
    console().print(_facts(found))
    for title, made in (("Attempts", _tries(found["tries"])), ("Orders", orders_table(found["orders"]))):
        console().print(Text(title, style="bold"), made)
    can = table("order", "now", "where it leads, or why not", widths=(12, 8, 60))
    for action, judged in found["can"].items():
        why = judged["why"] or ""
        leads = f"→ {judged['leads_to']}  {why}".rstrip() if judged["possible"] else why
        can.add_row(action, "✓ yes" if judged["possible"] else "– no", plain(leads))
    console().print(Text("What can be done", style="bold"), can)


def orders_shown(found: Sequence[Shown]) -> None:
    """Each with its second officer, where it needs one."""
    console().print(orders_table(found) if found else "No orders.")


def orders_table(found: Iterable[Shown]) -> Any:
    """Oldest first. The id is what a second officer approves, so it stands whole in its line."""
    made = table("order", "what", "who and why", "when", "came to", widths=(36, 18, 18, 12, 12))
    made.columns[0].ratio, made.columns[0].width = None, 36
    for each in found:
        what = f"{each['action']} {each['reference'] or 'the lane'}".replace("_", " ")
        who = f"{each['by']}: {each['because']}" + (f"; approved by {each['approved_by']}" * bool(each["approved_by"]))
        came = each["outcome"] or "waits for approval"
        made.add_row(*map(plain, (each["order_id"], what, who, each["asked_at"][:16], came)))
    return made


def lane_shown(lane: Shown) -> None:
    """One lane."""
    lanes_shown([lane])


def lanes_shown(lanes: Sequence[Shown]) -> None:
    """A line for each authority."""
    made = table("authority", "lane", "by", "because", "breaker", "under way", "last looked at")
    for each in lanes:
        breaker = each["breaker"]
        stands = f"open: {breaker['reason']}, tried again {breaker['tried_again_at'][:19]}" if breaker["open"] else "–"
        held = (each["authority"], each["hold"], each["held_by"] or "–", each["because"] or "–")
        made.add_row(*map(plain, (*held, stands, str(each["in_flight"]), (each["swept_at"] or "never")[:19])))
    console().print(made)


def previewed(found: Shown) -> None:
    """Question by question, what changed first; the words only if the service told them."""
    would = found["would"]
    click.echo(f"{found['reference']}, {found['state']}: " + (_leads(would) if would["possible"] else would["why"]))
    click.echo(_COMPARED[found["compared"]])
    if found["problem"]:
        click.echo(f"Nothing can be made of it now: {found['problem']['explanation']}")
    made = table("question", "row", "change", "length now", "before", *(("now", "before") if _has_words(found) else ()))
    differing = [each for each in found["answers"] if each["change"] not in ("same",)]
    for each in differing:
        length = (_dash(each["length"]), _dash(each["length_before"]))
        words = (each["now"] or "–", each["before"] or "–") if _has_words(found) else ()
        made.add_row(*map(plain, (each["code"], _dash(each["row"]), each["change"] or "not known", *length, *words)))
    if differing:
        console().print(made)
    click.echo(f"{len(found['answers'])} answers, {len(found['answers']) - len(differing)} as before.")


def many_shown(found: Shown) -> None:
    """What fits, and where it goes."""
    made = table("reference", "stands", "why", "goes to")
    for each in found["deliveries"]:
        leads = each["leads_to"] or f"stays: {each['why_not']}"
        made.add_row(*map(plain, (each["reference"], each["state"], each["reason"], leads)))
    console().print(made if found["deliveries"] else "Nothing fits.")
    more = " or more" if found["matching_is_more"] else ""
    click.echo(f"{found['listed']} listed of {found['matching']}{more} that fit.")
    if found["dry_run"] and found["deliveries"]:
        click.echo(f"The list's digest: {found['digest']}")


_COMPARED = {
    "never_sent": "Nothing of it was ever sent; all of it is new.",
    "known": "Compared with the profile of its last attempt.",
    "not_kept": "The profile of its last attempt is not kept as a version, so it cannot be said what changes.",
}


def _facts(found: Shown) -> Any:
    made = table("", "", widths=(16, 70))
    through = found["sent_through"]
    link = f"{through['connector']} {through['version']}, profile {(through['profile_digest'] or '-')[:12]}"
    facts = {
        "reference": found["reference"],
        "receipt": found["receipt_id"],
        "what": f"{found['record_type']} {found['kind']}".replace("_", " "),
        "state": f"{found['state']} for {age_in_words(found['age_seconds'])}",
        "why": " ".join(filter(None, (found["explanation"], found["note"] and f"({found['note']})"))) or "–",
        "whose": found["owner"] or "–",
        "may be there": "yes" if found["may_have_arrived"] else "no, nothing was sent",
        "number there": found["record_number"] or "–",
        "sent through": link if through["connector"] else "–",
        "goes after": found["behind"] or "–",
        "lane": found["lane"]["hold"],
    }
    for name, value in facts.items():
        made.add_row(name, plain(value))
    return made


def _tries(tries: Iterable[Shown]) -> Any:
    made = table("number", "began", "ended", "came as far as", "outcome", "why")
    for each in tries:
        times = (each["started_at"][:19], (each["ended_at"] or "–")[:19])
        ended = (each["phase"], each["outcome"] or "–", each["reason"] or "–")
        made.add_row(str(each["number"]), *map(plain, (*times, *ended)))
    return made


def _leads(would: Shown) -> str:
    return f"would go to {would['leads_to']}" + (f" ({would['why']})" if would["why"] else "") + "."


def _has_words(found: Shown) -> bool:
    return any("now" in each for each in found["answers"])


def _number(each: Shown) -> str:
    return f"record {each['record_number']}" if each["record_number"] else "–"


def _dash(value: int | None) -> str:
    return "–" if value is None else str(value)
