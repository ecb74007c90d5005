"""Each area of focus says something (model 3.3: at least one of its narratives)."""

from collections.abc import Iterator

from service.domain.rules.catalogue import At, reject
from service.domain.rules.statements import ASSESSMENTS
from service.domain.rules.subject import Subject

NARRATIVES = {
    "family_friends": (
        "relationships",
        "functioning",
        "narratives",
        "carer_views",
        "friendships",
        "relationships_to_strengthen",
    ),
    "people_places": ("safe_or_supportive", "context_summary"),
    "professional_contexts": ("resources", "appropriateness", "skills_gaps", "bias_reflection"),
}


@reject("A-1", "This area says nothing yet.", "Fill in at least one of: {names}.", *ASSESSMENTS)
def each_area_says_something(subject: Subject) -> Iterator[At]:
    """An area with nothing in it was not looked at."""
    for area, names in NARRATIVES.items():
        content = subject.at(f"/areas/{area}")
        if isinstance(content, dict) and all(content.get(name, []) == [] for name in names):
            yield At(f"/areas/{area}", names=", ".join(names))
