"""The young person's own words (rules V1, V2)."""

from collections.abc import Iterator

from service.domain.faults import pointer
from service.domain.rules.catalogue import At, reject
from service.domain.rules.statements import ASSESSMENTS
from service.domain.rules.subject import Subject

AREA = "/areas/young_person"


@reject(
    "V1",
    "There are no words of the young person.",
    "Add the young person's words, or say why not yet in `own_words_reason` (not ready, in crisis, declined, not seen, "
    "communication need not met).",
    *ASSESSMENTS,
)
def own_words_or_a_reason(subject: Subject) -> Iterator[At]:
    """A young person may not be ready; the record then says so rather than staying silent."""
    area = subject.at(AREA)
    if isinstance(area, dict) and not area.get("own_words") and "own_words_reason" not in area:
        yield At(f"{AREA}/own_words")


@reject(
    "V2",
    "This isn't marked as said by the young person.",
    "If these aren't their own words, put them in analysis.",
    *ASSESSMENTS,
)
def own_words_are_theirs(subject: Subject) -> Iterator[At]:
    """A paraphrase is analysis. Only what the young person said is quoted."""
    for index, item in subject.objects(f"{AREA}/own_words"):
        if item.get("said_by_young_person", False) is False:
            yield At(pointer("areas", "young_person", "own_words", index, "said_by_young_person"))
