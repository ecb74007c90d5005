"""Short names for the field kinds, so that a record's page reads as its form does."""

from service.domain import codes
from service.domain.fields import Code, Date, Field, Flag, Group, Klass, Many, Text, Token, Whole

REF = r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}"
GSS = r"[EWSN][0-9]{8}"


def narrative(*, required: bool = False, klass: Klass = Klass.NARRATIVE) -> Text:
    """A paragraph in a professional's words."""
    return Text(klass=klass, required=required)


def ref(*, required: bool = False, klass: Klass = Klass.OPERATIONAL) -> Token:
    """An opaque reference. The pattern has no spaces, so that a name does not fit by accident."""
    return Token(klass=klass, pattern=REF, max=64, example="stk-sw-21", required=required)


def authority(*, required: bool = False) -> Token:
    """An ONS nine-character authority code."""
    return Token(klass=Klass.QUASI, pattern=GSS, max=9, example="E08000007", required=required)


def coded(values: tuple[str, ...], *, required: bool = False, klass: Klass = Klass.CODED) -> Code:
    """One value of a closed list."""
    return Code(klass=klass, codes=values, required=required)


def on(*, required: bool = False, klass: Klass = Klass.QUASI) -> Date:
    """A date. Dates can tell a young person apart, so they are quasi-identifying unless said otherwise."""
    return Date(klass=klass, required=required)


def flag(*, required: bool = False, only_true: bool = False) -> Flag:
    """True or false."""
    return Flag(klass=Klass.OPERATIONAL, required=required, only_true=only_true)


def whole(low: int, high: int) -> Whole:
    """A whole number that may help to tell somebody apart."""
    return Whole(klass=Klass.QUASI, min=low, max=high)


def group(*, required: bool = False, **fields: Field) -> Group:
    """An object."""
    return Group(fields=fields, required=required)


def many(item: Field, *, required: bool = False, low: int = 0, high: int = 50) -> Many:
    """A list."""
    return Many(item=item, required=required, min=low, max=high)


def professional(*, required: bool = False) -> Group:
    """Somebody who worked on the record, by their authority's own reference; never by name (model 3.2)."""
    return group(
        required=required,
        professional_ref=ref(required=True, klass=Klass.PROFESSIONAL),
        role=coded(codes.ROLES, required=True, klass=Klass.PROFESSIONAL),
        agency=coded(codes.AGENCIES, required=True, klass=Klass.PROFESSIONAL),
        swe_number=Token(klass=Klass.PROFESSIONAL, pattern=r"SW[0-9]{1,10}", max=12, example="SW123456"),
        is_allocated_worker=flag(),
        experienced_confirmed=flag(),
        contribution=coded(codes.CONTRIBUTIONS, klass=Klass.PROFESSIONAL),
        training_record_ref=ref(klass=Klass.PROFESSIONAL),
    )
