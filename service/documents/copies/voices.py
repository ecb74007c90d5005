"""How each reader is spoken to: the title, whose copy it is, and what is said before and after the record's parts."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.audiences import Audience


@dataclass(frozen=True)
class Voice:
    """One reader's copy. `title` may hold `{kind}`; none that goes home says what the assessment is about."""

    title: str
    whose: str
    opening: tuple[str, ...]
    closing: tuple[str, ...] = ()
    written: str = "Completed on"
    met: str = "Meeting on"
    quote_size: float = 12
    body_size: float = 10.5
    title_size: float = 20
    accent: str = "#3b4a78"


_NOT_WHOLE = "It holds what can be shared with you, and is not the whole record."

VOICES: dict[Audience, Voice] = {
    Audience.YOUNG_PERSON: Voice(
        title="Your plan and what you told us",
        whose="Your own copy. Nobody else may pass it on.",
        opening=(
            "This is for you. It says what you told us, what we think, and what happens next.",
            "It is private. Keep it somewhere safe, or ask us to keep it for you. If something in it is wrong, or you "
            "want to change your mind about who may see what, tell us.",
        ),
        closing=(
            "Parts of what we write are about other people too, or are notes for workers. They are not in this copy. "
            "You can ask to see what is kept about you, and we will help you ask.",
            "If you are in danger now, call 999. Childline is free, at any time, on 0800 1111.",
        ),
        written="We wrote this on",
        met="We met on",
        quote_size=15,
        title_size=24,
        body_size=11.5,
        accent="#2f6b62",
    ),
    Audience.FAMILY: Voice(
        title="The plan and what happens next",
        whose="Copy for parents and carers. Please do not pass it on.",
        opening=(
            f"This copy is for you as a parent or carer. {_NOT_WHOLE}",
            "Please keep it safe and do not pass it on. If you have a question, ask the worker named in it.",
        ),
        closing=("If somebody is in danger now, call 999.",),
        written="We wrote this on",
        met="We met on",
        quote_size=13,
        body_size=11,
        title_size=24,
    ),
    Audience.PROFESSIONALS: Voice(
        title="{kind}: copy for professionals",
        whose="Copy for the professionals it was handed to. Do not pass it on.",
        opening=(
            f"This copy is for the professionals it was handed to. {_NOT_WHOLE} Who handed it over says whom it is "
            "about.",
            "Keep it as your agency keeps confidential records, and do not pass it on, not to the family either.",
        ),
    ),
    Audience.SUPERVISION: Voice(
        title="{kind}: reflection for supervision",
        whose="Copy for the worker's supervision. Do not pass it on.",
        opening=(
            "This copy is about how we work. It belongs on the worker's supervision file, not the young person's.",
        ),
    ),
}
