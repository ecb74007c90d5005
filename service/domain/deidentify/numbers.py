"""Numbers of people and cases: of the health service, of pupils, of vehicles, of crimes and records.

A number that says what it is ("crime no.", "LCS ID") is found whatever its shape; one that does not, by its shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from service.domain.deidentify.finding import Kind
from service.domain.deidentify.looks import Look, exact, pattern, seen
from service.domain.deidentify.vocabulary import these

_NO = (
    r"(?:\s*(?:numbers?|num|nos?\b\.?|refs?\b\.?|reference|ids?\b|identifier|code|#|is|was|of)){0,3}\s*[.:#=–-]{0,2}\s*"
)
"""What may stand between the name of a number and the number."""

_NHS = pattern(rf"\bN\.?H\.?S{_NO}([0-9](?:[ -]?[0-9xX?*]){{5,11}})(?![0-9])")
_UPN = pattern(r"(?<![A-Za-z0-9])[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z](?![A-Za-z0-9])")
_UPN_SAID = pattern(rf"\bUPN{_NO}([A-Z0-9]{{6,14}})\b")
_NINO_SAID = pattern(rf"\b(?:NINO|N\.?I\.?|national insurance){_NO}([A-Z]{{2}}(?:[ -]?[0-9]){{4,6}}(?:[ -]?[A-D]\b)?)")
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # pragma: allowlist secret

_PLATES = (
    exact(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}[ -]?[A-Z]{3}(?![A-Za-z0-9])"),
    exact(r"(?<![A-Za-z0-9])(?!in|at|on|is|by|to|of|yr|ks|or|my|no|so|us)[a-z]{2}[0-9]{2} ?[a-z]{3}(?![a-z0-9])"),
    exact(r"(?<![A-Za-z0-9])[A-HJ-NP-TV-Y][0-9]{1,3} ?(?!AND|THE|WAS|HAS|FOR|ARE|NOT|ALL|BUT)[A-Z]{3}(?![A-Za-z0-9])"),
    exact(
        r"(?<![A-Za-z0-9])(?!AND|THE|FOR|AGE|CSE|CCE|SEN|EHC|TAF|LAC|CIN|AGED|MAX|MIN|GCSE)[A-Z]{3}"
        r" ?[0-9]{1,3}[A-Z](?![A-Za-z0-9])"
    ),
)
_PLATE_SAID = exact(
    r"\b(?:reg(?:istration)?(?:\s+(?:plates?|mark))?|(?:number\s*)?plates?|vrm|vrn|index)\b(?:\s*(?:no\b|number|is"
    r"|was|of|,|:|\.|\"|-|reading|begins|beginning|starts|starting|ends|ending|with|in)){0,4}\s*"
    r"((?=[A-Z0-9]{0,8}[0-9])[A-Z0-9]{2,8}(?: [A-Z0-9]{2,4}(?![a-z]))?|[A-Z]{2,3} [A-Z0-9]{1,4})(?![A-Za-z0-9])"
)

_CUES = (
    r"crime|incident|log|custody|exhibits?|case|court|urn|crn|pnc(?: ?id)?|pnd|nrm|lcs|ics|eds|mosaic|liquidlogic"
    r"|eclipse"
    r"|caredirector|carefirst|azeus|ehm|person|client|child|record|file|swift|paris|emis|systmone|rio|hospital"
    r"|patient|unit|mrn|"
    r"district|passport|home office|ho|arc|brp|asylum|licen[cs]e|prison|prisoner|noms|niche|op|holmes|referral|ref"
    r"|reference|refs|"
    r"mispers?|misper|missing|cad|athena|id|imei|account|acc|sort code|card|booking|ticket|tenancy|policy|claim|uln"
    r"|uci|ucas|"
    r"cris|cms|pulse|oasis|delius|asset\+?|pid|uprn|tribunal|family court|invoice|document|form"
)
_ID = r"(?=[A-Z0-9/\\.:-]{0,24}[0-9])[A-Z0-9]{1,14}(?:[/\\.:-][A-Z0-9]{1,14}){0,6}"
_NAMED = (
    r"(?:\s*(?:numbers?\b|num\b|nos?\b\.?|refs?\b\.?|reference\b|ids?\b|identifier\b|code\b|#|:)){1,3}(?:\s*(?:is"
    r"|was|of)\b)?\s*[:#=-]?\s*"
)
_SAID = pattern(
    rf"\b(?:{_CUES})\b\s*{_NAMED}({_ID}(?: (?-i:[A-Z]{{1,4}}(?= ?[0-9])|[0-9]{{2,8}})(?![0-9A-Za-z/:.])){{0,4}}(?:"
    rf" of [0-9/.-]{{4,10}})?)(?![A-Za-z0-9])"
)
_ANY_NAMED = pattern(
    r"\b(?:id|no|nos|ref|reference|number|pin|code)\b[.:#]{0,2}\s*(?:is|was|:|=)?\s*#?([0-9]{4,12}[A-Z]?)"
    r"(?![0-9A-Za-z/:]|[.,][0-9])"
)
_SYSTEMS = tuple(
    sorted(
        these(
            "lcs ics ehm incident reference refs niche urn crn mrn pnc nrm uci uln cad mosaic liquidlogic eclipse"
            " caredirector log ref exhibits exhibit crime custody nomis noms misper"
        )
    )
)
_SYSTEM = pattern(
    rf"\b(?:{'|'.join(_SYSTEMS)})"
    rf"\b[\s.:#=-]{{0,3}}((?=[A-Z0-9/\\.:-]{{0,24}}[0-9]{{2}}|[A-Z]{{2,4}}[/\\-][0-9]){_ID}(?: of"
    rf" [0-9/.-]{{4,10}})?)(?![A-Za-z0-9])"
)
_OF_DAY = exact(r"(?<![0-9A-Za-z/])[0-9]{2,5} (?:of|on|dated) [0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}(?![0-9])")
_OF_WORDED = pattern(
    r"\b(?:log|incident|crime|cad|misper)\b[^.\n]{0,12}?\b([0-9]{2,6} (?:of|on|dated) (?:the )?[0-9]{1,2}(?:st|nd"
    r"|rd|th)?\b)"
)
_STROKES = exact(
    r"(?<![A-Za-z0-9/])(?=[A-Za-z0-9/\\-]{0,30}[0-9])(?=[A-Za-z0-9/\\-]{0,30}[A-Z])[A-Za-z0-9]{1,10}"
    r"(?:[/\\-][A-Za-z0-9]{1,14}){2,6}(?![A-Za-z0-9/])"
)
_EXHIBIT = exact(r"(?<![A-Za-z0-9/])(?!24/|A/|N/A|KS|Y[0-9])[A-Z]{2,4}[/\\][0-9]{1,4}(?![0-9A-Za-z])")
_COLLAR = exact(
    r"\b(?:PC|DC|DS|DI|PS|PCSO|TDC|Sgt|Insp|officer|badge|collar)(?: (?:no|number)\.?)? ([A-Z]?[0-9]{2,6})\b"
)
_LONG = exact(r"(?<![0-9A-Za-z£$€.,])[0-9]{2,12}(?:[ -][0-9]{3,6}){0,3}(?![0-9A-Za-z%]|[.,:][0-9])")
_MIXED = exact(r"(?<![A-Za-z0-9_'])(?=[A-Za-z]{0,20}[0-9])(?=[0-9]{0,20}[A-Za-z])[A-Za-z0-9]{2,40}(?![A-Za-z0-9_])")
_HARMLESS = pattern(
    r"[0-9]+(?:st|nd|rd|th|s|yrs?|yo|y|m|mt?hs?|months?|years?|w|wks?|weeks?|days?|hrs?|hours?|h|mins?|secs?|am|pm"
    r"|k|g|kg|mg|mcg|ml|cl|cm|mm"
    r"|km|ft|in|p|x|d|%|l|gb|mb|mph|bn|ish|pcm|pw|v[0-9]+|x[0-9]+|to[0-9]+|nil|[a-z])"
    r"|(?:ks|yr|y|year|s|ss|p|u|b|a|m|ps|mp|c|g|o|v|q|h|t|r|d|k|w|covid|catch|co|tt|vo|f|x|n|age|aged|group|section"
    r"|stage|level|room)[0-9]+(?:[a-z]{1,2})?"
    r"|[a-z]{1,3}[0-9]{1,2}[a-z]{1,2}|gr8|[a-z]{1,2}8[a-z]?|l8r|b4|h8|2(?:day|nite|moro|gether)|4(?:eva|ever)"
    r"|place2be|turn2us"
)
_OUTWARD = exact(
    r"(?<![\w-])(?!CO2|PS[0-9]|KS|TV)(?:A[BL]|B[ABDHLNRST]|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]|F[KY]|G[LUY]|H[ADGPRSUX]"
    r"|I[GPV]|K[ATWY]|L[ADELNSU]|M[EKL]|N[EGNPRW]|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]|T[ADFNQRSW]|UB"
    r"|W[ACDFNRSV]|YO)"
    r"[0-9]{1,2}[A-Z]?(?![\w-])"
)
_DISTRICT = exact(r"(?<![\w-])[BEGLMNSW][0-9]{1,2}(?= (?:area|postcode|district)\b)")


_OPERATION = exact(r"\b(?:Op|OP|Operation|OPERATION) [A-Z][A-Za-z]{2,30}(?:[ ,]+[A-Z]?[0-9][0-9/-]{1,14})?")


def _many_digits(least: int) -> Callable[[re.Match[str]], bool]:
    return lambda match: sum(map(str.isdigit, match[0])) >= least


def _is_upn_match(match: re.Match[str]) -> bool:
    return _is_upn(match[0].upper())


_REFERENCE = Kind.CASE_REFERENCE
_NAMES = ("no", "num", "ref", "id", "code", "#", ":")
_OPERATIONS = (Look(_REFERENCE, _OPERATION, ("op ", "operation ")),)
_TABLE = (
    Look(Kind.NHS_NUMBER, _NHS, ("nhs", "n.h.s"), 1),
    Look(Kind.UPN, _UPN, holds=_is_upn_match),
    Look(Kind.UPN, _UPN_SAID, ("upn",), 1, _many_digits(4)),
    Look(Kind.NINO, _NINO_SAID, ("ni", "n.i"), 1),
    Look(Kind.VEHICLE, _PLATE_SAID, ("reg", "plate", "vrm", "vrn", "index"), 1),
    Look(_REFERENCE, _SAID, _NAMES, 1),
    Look(_REFERENCE, _SYSTEM, _SYSTEMS, 1),
    Look(_REFERENCE, _ANY_NAMED, ("id", "no", "ref", "num", "pin", "code"), 1),
    *(Look(Kind.VEHICLE, each) for each in _PLATES),
    Look(_REFERENCE, _OF_DAY, (" of ", " on ", " dated ")),
    Look(_REFERENCE, _EXHIBIT, ("/", "\\")),
    *_OPERATIONS,
    Look(_REFERENCE, _OF_WORDED, ("log", "incident", "crime", "cad", "misper"), 1),
    Look(Kind.PERSON, _COLLAR, ("pc", "dc", "ds", "di", "ps", "sgt", "insp", "officer", "badge", "collar"), 1),
)
_LOOSE = (
    Look(Kind.POSTCODE, _OUTWARD),
    Look(Kind.POSTCODE, _DISTRICT, (" area", " postcode", " district")),
    Look(_REFERENCE, _STROKES, ("/", "-", "\\"), holds=_many_digits(4)),
    Look(_REFERENCE, _LONG, holds=_many_digits(6)),
    Look(_REFERENCE, _MIXED, holds=lambda match: not _HARMLESS.fullmatch(match[0])),
)


def numbers(text: str, small: str, *, digits: bool) -> Iterator[tuple[Kind, int, int]]:
    """Every number that may be somebody's, the surest first. They may overlap; then the first is meant.

    Without digits, an operation of the police may still have a name.
    """
    return seen(_TABLE if digits else _OPERATIONS, text, small)


def loose_numbers(text: str, small: str) -> Iterator[tuple[Kind, int, int]]:
    """What is left when dates and addresses are taken: long numbers, and letters with digits among them."""
    return seen(_LOOSE, text, small)


def _is_upn(number: str) -> bool:
    """Whether the first letter is the check letter of the rest; a temporary number ends with a letter, which counts."""
    values = [_LETTERS.index(sign) if sign in _LETTERS else int(sign) for sign in number[1:]]
    return _LETTERS[sum(value * weight for weight, value in enumerate(values, 2)) % 23] == number[0]
