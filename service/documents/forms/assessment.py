"""What the blank WISE and RISE forms share: the four areas, the two statements, the plan (domain model, 1.3-1.5)."""

from __future__ import annotations

from service.documents.forms.vocabulary import Box, Choice, Part, Say, Section, Stack, rows
from service.documents.layout import NO_CONTACT

PLAN_ROWS = 4
"""A plan that people can concentrate on; an authority's cap may make it fewer, never more on paper."""

_OWN = "/areas/young_person/own_words/*"
_IDENTITY = "/areas/young_person/identities/*"
_FAMILY = "/areas/family_friends"
_PLAN = "/support_plan/items/*"


def own_words(times: int, lines: int) -> Section:
    """The young person's own words: first, and with more room than anything else."""
    saying = rows(
        (
            Box(f"{_OWN}/prompt", label="Question or prompt", width=2.1),
            Box(f"{_OWN}/captured_on", label="On", width=1.6),
            Box(f"{_OWN}/captured_by_ref", label="By", note="reference", width=1.8),
        ),
        (
            Box(f"{_OWN}/text", lines=lines, width=1.5),
            Stack(
                (
                    Box(f"{_OWN}/sharing", label="My choice about sharing this"),
                    Box(f"{_OWN}/said_by_young_person", label="I said this"),
                ),
            ),
        ),
        (Box(f"{_OWN}/method"),),
        times=times,
    )
    return Section(
        "The young person",
        (saying, rows((Box("/areas/young_person/own_words_reason"),))),
        about="/areas/young_person/own_words",
        note="As they said it: not put right, not shortened, not translated. Or a tick for why there is nothing yet.",
    )


def young_person(lines: int = 3) -> Section:
    """The rest of the first area."""
    path = "/areas/young_person"
    return Section(
        "More about the young person",
        (
            rows(
                (Box(f"{path}/good_day", lines=lines), Box(f"{path}/hopes", lines=lines)),
                (Box(f"{path}/strengths/*", lines=lines), Box(f"{path}/interests", lines=lines)),
                (Box(f"{path}/strengths_reason"),),
            ),
            rows(
                (Box(f"{_IDENTITY}/trait", width=1), Box(f"{_IDENTITY}/self_description", width=2.2)),
                (Box(f"{_IDENTITY}/source", label="Described by"),),
                (Box(f"{_IDENTITY}/who_may_know/*"),),
                times=2,
            ),
            rows((Box(f"{path}/identity_influence_on_response", lines=2),)),
        ),
        about=path,
    )


def other_areas(lines: int) -> tuple[Section, ...]:
    """Family and friends, people and places, professional contexts."""
    return _family_friends(lines), _people_places(lines), _professional_contexts(lines)


def _family_friends(lines: int) -> Section:
    involved = f"{_FAMILY}/carer_involvement"
    boxes = rows(
        (Box(f"{_FAMILY}/relationships", lines=lines), Box(f"{_FAMILY}/functioning", lines=lines)),
        (Box(f"{_FAMILY}/narratives", lines=lines), Box(f"{_FAMILY}/carer_views", lines=lines)),
        (Box(f"{_FAMILY}/friendships", lines=lines), Box(f"{_FAMILY}/relationships_to_strengthen/*", lines=lines)),
        (
            Box(f"{involved}/safe_to_involve", width=1.3, label="Safe to involve them?"),
            Box(f"{involved}/done", label="Have they been involved?"),
        ),
        (Box(f"{involved}/reason"),),
    )
    return Section("Family and friends", (boxes,), about=_FAMILY)


def _people_places(lines: int) -> Section:
    area = "/areas/people_places"
    boxes = rows(
        (Box(f"{area}/safe_or_supportive", lines=lines), Box(f"{area}/context_summary", lines=lines)),
        (Box(f"{area}/risk_subject_refs/*", label="References on the restricted sheet", note="never a name"),),
    )
    note = "Who or what may pose a risk goes on the restricted sheet, not here."
    return Section("People and places", (boxes,), about=area, note=note)


def _professional_contexts(lines: int) -> Section:
    area = "/areas/professional_contexts"
    boxes = rows(
        (Box(f"{area}/resources", lines=lines), Box(f"{area}/appropriateness", lines=lines)),
        (
            Box(f"{area}/skills_gaps", lines=lines, width=2),
            Box(f"{area}/professionals_count", label="How many are involved"),
        ),
    )
    return Section("Professional contexts", (boxes,), about=area)


def judgement(analysis: int) -> tuple[Section, ...]:
    """The analysis and the two statements, neither of which follows from the other."""
    return (
        Section("Analysis", (rows((Box("/analysis_narrative", lines=analysis, label="What we think is happening"),)),)),
        Section(
            "Exploitation statement",
            (
                Choice("/exploitation/category"),
                rows(
                    (Box("/exploitation/forms/*", note="any, with the first two"),),
                    (Box("/exploitation/basis", note="with the third statement only"),),
                    (Box("/exploitation/narrative", lines=3),),
                    (
                        Box("/exploitation/decided_by_ref", note="reference"),
                        Box("/exploitation/dissent/*/agency", width=1.2),
                    ),
                    (Box("/exploitation/dissent/*/text"),),
                ),
            ),
            about="/exploitation/category",
            note="Tick one. The three are words, not steps of a scale.",
        ),
        Section(
            "Stability statement",
            (
                rows(tuple(_domain(name, title) for name, title in _DOMAINS)),
                rows((Box("/stability/overall_narrative"),)),
            ),
            note="Say what you see in each of the three, or why one does not apply. There is no level to give.",
        ),
    )


_DOMAINS = (
    ("home", "At home"),
    ("school_or_learning", "At school or in learning"),
    ("professionals", "With professionals"),
)


def _domain(name: str, title: str) -> Stack:
    path = f"/stability/{name}"
    return Stack(
        (
            Box(f"{path}/narrative", lines=4, label=title),
            Box(f"{path}/applicable", label="It"),
            Box(f"{path}/not_applicable_reason", label="Why not"),
        )
    )


def support_plan() -> Section:
    """At most four things, each with who and by when."""
    item: Part = rows(
        (
            Box(f"{_PLAN}/what", lines=2, width=2.2),
            Stack((Box(f"{_PLAN}/who_will", label="Who"), Box(f"{_PLAN}/by_when"), Box(f"{_PLAN}/ongoing")), width=1.2),
        ),
        (
            Box(f"{_PLAN}/how_we_will_know"),
            Box(f"{_PLAN}/young_person_agrees", width=1.05, label="They agree"),
        ),
        (Box(f"{_PLAN}/area", label="Area"),),
        (Box(f"{_PLAN}/status", width=1.9), Box(f"{_PLAN}/status_reason", label="Why")),
        times=PLAN_ROWS,
        capped=True,
    )
    return Section(
        "Support plan",
        (
            item,
            rows((Box("/support_plan/follows_on", label="No plan yet: it will follow on"),)),
            Say(f"{NO_CONTACT} If a child is in danger now, call 999.", strong=True),
        ),
        about="/support_plan",
    )
