"""What the table cannot say of itself: the decisions behind it, for docs/audiences.md."""

from __future__ import annotations

DECISIONS: tuple[tuple[str, str], ...] = (
    (
        "The family's copy needs a plain yes to “is it safe to involve parents or carers?”.",
        "“No” in either place, “not known”, or nobody having said, refuses it (TP1). So does a person in the "
        "restricted part who is family or a carer. A section that is shared with parents or carers for safety, with "
        "its reason, opens that section and nothing else.",
    ),
    (
        "A restricted record has no copy for the family or for professionals (C1).",
        "Whoever restricted it decides person by person.",
    ),
    (
        "Sharing for safety needs its reason (V4).",
        "Without one the copy for that reader is refused. With one it opens that very section, own words included, and "
        "never the people and places that may pose a risk.",
    ),
    (
        "“OK to share with family” does not mean professionals, nor the other way round.",
        "A young person may trust a grandmother and not a room of eight. The narrower reading is the safe one, and the "
        "wider one is a question away.",
    ),
    (
        "“Ask me each time” is open once somebody asked.",
        "A yes in `participation.sharing` for the own words and that reader is that answer. It does not open what is "
        "to be kept between us: there the young person's own choice for these words stands.",
    ),
    (
        "A no to a section closes what is within it; a yes opens only what it names.",
        "A no to “the young person” closes their own words, too. A yes to it does not open them.",
    ),
    (
        "Where two decisions contradict each other, the closed one counts.",
        "“No” before “yes”, and “not asked” takes a yes back. Not asked is neither yes nor no.",
    ),
    (
        "The NWG form has no choice for each saying, so the child's views need a yes for own words.",
        "Closed by default, for the family and for professionals.",
    ),
    (
        "Third parties are in the case file only, but for a part of two areas in the copy for professionals.",
        "Relationships, how the family works together, relationships to strengthen, and safe people and places are "
        "what a plan is built on. Friendships (other children), what a carer or the family confided, why involving "
        "them may not be safe, and what is happening around the young person (people who may pose a risk) stay out.",
    ),
    (
        "Identity reaches professionals only where the young person says that they may know.",
        "The family's copy has none of it, whoever may know: outing happens by paper. Sex, ethnicity, disability and "
        "gender codes are in no copy at all.",
    ),
    (
        "The family reads of everyday actions only.",
        "A plan item whose kind is about health, police, law or specialist help is left out, and so is one that sexual "
        "health or the mental health service does. The worker tells what should be told.",
    ),
    (
        "The young person's copy leaves out actions that are about other people.",
        "Police intelligence, disruption, legal advice and talk with a line manager: on paper at home they could put "
        "somebody at risk. An action of the NWG form in codes alone is left out, because a code says nothing.",
    ),
    (
        "Analysis and the reasons for a statement reach the young person only with a yes for that.",
        "They often tell of other people; the yes says that somebody made sure. The statement itself is there, in "
        "gentle words, and theirs are never the other instrument's.",
    ),
    (
        "No copy but the case file names the young person, not even by reference.",
        "A lost copy should lead back to the record and to nobody. Who hands it over says whom it is about.",
    ),
    (
        "What is kept back is not told to those it is kept from.",
        "Every copy for the family and for professionals says that it is not the whole record, whether or not anything "
        "was left out. Only a part that is being checked is mentioned, and not which. The young person is told which "
        "parts they asked to leave out.",
    ),
    (
        "Professionals have no copy while one of them must not see a part (TP3).",
        "Somebody who worked on the record and is named in its restricted part, or from whom a part of it is kept, may "
        "be in the room. A person decides who gets what.",
    ),
    (
        "Supervision gets how we work and nothing about the young person.",
        "Reflection on bias and in the meeting are in no other copy, the case file included.",
    ),
)
"""(what was decided, why)."""
