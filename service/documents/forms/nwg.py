"""The blank NWG assessment, the child's views first (domain model, 3.7). Its questions are in words of our own."""

from __future__ import annotations

from service.documents.forms import shared
from service.documents.forms.vocabulary import Box, Choice, Rows, Say, Section, Table, rows
from service.documents.layout import NO_CONTACT
from service.domain.records.nwg import QUESTIONS

ACTIONS = 6

_HEAD = Section(
    "",
    (
        rows(
            (
                Box("/young_person/la_child_id", label="Young person's reference", note="never a name", width=1.5),
                Box("/completed_on", width=1),
            ),
        ),
    ),
)


def _views(path: str, lines: int) -> Rows:
    return rows(
        *((Box(f"{path}/{name}", lines=lines),) for name in ("needs_and_risks", "short_term_want", "long_term_want"))
    )


_VIEWS = (
    Section(
        "The child's views",
        (_views("/child_views", 8),),
        about="/child_views",
        note="In the child's own words, as they said them: not put right, not shortened, not translated.",
    ),
    Section("Parents' and carers' views", (_views("/carer_views", 3),), about="/carer_views"),
)

_JUDGEMENT = (
    Section("Strengths, and analysis", (
        rows((Box("/strengths_and_protective", lines=4),), (Box("/analysis", lines=7),)),
    )),
    Section(
        "Professional opinion",
        (
            Choice("/professional_opinion"),
            rows((Box("/on_balance_of_probability"),), (Box("/other_forms_noted/*"),)),
        ),
        about="/professional_opinion",
        note="Tick one. The five are words, not steps of a scale.",
    ),
)  # fmt: skip

_QUESTIONS = Section(
    "Five questions",
    tuple(
        rows((Box(f"/questions/{name}/answer"),), (Box(f"/questions/{name}/detail", label="More detail"),))
        for name in QUESTIONS
    ),
    note="“Not known” is an answer. It is never read as “no”.",
    fresh=True,
)

_PLAN = (
    Section(
        "Plan",
        (
            rows(
                (Box("/plan/short_term", lines=3), Box("/plan/long_term", lines=3)),
                (Box("/plan/how_will_you_know", lines=2), Box("/plan/professional_support_needed", lines=2)),
            ),
        ),
        about="/plan",
    ),
    Section(
        "Actions",
        (
            Say(
                f"{NO_CONTACT} Writing an action here does not make it happen: somebody has to. "
                "If a child is in danger now, call 999.",
                strong=True,
            ),
            rows(
                (Box("/actions/*/code", width=1), Box("/actions/*/status", width=1.95)),
                (Box("/actions/*/text"),),
                times=ACTIONS,
            ),
        ),
    ),
    Section(
        "What was explained to the child",
        (
            rows(
                (Box("/explained_to_child/told_worried"), Box("/explained_to_child/told_what_happens_next")),
                (Box("/explained_to_child/on"), Box("/explained_to_child/reason_not", width=1.6)),
            ),
        ),
        about="/explained_to_child",
    ),
)

_PEOPLE = Section(
    "Who worked on this",
    (
        Table(
            (("Assessor", "/assessor"), ("Supporting", "/supporting/*"), ("Supporting", "/supporting/*")),
            shared.PEOPLE,
        ),
        rows((Box("/young_person/responsible_authority"),)),
    ),
    note="References of the authority's own, never names.",
)

NWG = (
    _HEAD,
    *_VIEWS,
    *_JUDGEMENT,
    _QUESTIONS,
    *_PLAN,
    shared.panel(),
    shared.taking_part(),
    shared.review(),
    _PEOPLE,
    shared.details(),
    shared.typing_in(),
    shared.key(fresh=True),
    shared.restricted(),
)
