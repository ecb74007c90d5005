"""What the Hub is served."""

from __future__ import annotations

from service.api.openapi.shapes import DAY, FREE, QUARTER, SHA256, TEXT, WHOLE, by_name, listed, one_of, or_null, shape

AXIS = shape(name=TEXT, field=TEXT, title=TEXT, groups=listed(shape(code=TEXT, label=TEXT, values=listed(TEXT))))
SYMBOLS = by_name(TEXT)
PERIOD = shape(quarters=listed(QUARTER), words=TEXT)
MISSING = listed(shape(code=TEXT, name=TEXT))
FIGURE = shape(
    about="`value` is null wherever a symbol stands, and a symbol is null wherever a value does.",
    at=listed(TEXT),
    labels=listed(TEXT),
    value=or_null(WHOLE),
    status=TEXT,
    symbol=or_null(TEXT),
    as_of=or_null(QUARTER),
)
TABLE = shape(
    release=QUARTER,
    catalogue=TEXT,
    table=TEXT,
    title=TEXT,
    question=TEXT,
    unit=TEXT,
    unit_words=TEXT,
    universe=TEXT,
    universe_words=TEXT,
    universe_where=by_name(listed(TEXT)),
    notes=listed(TEXT),
    period=PERIOD,
    missing=MISSING,
    axes=listed(AXIS),
    total=shape(code=TEXT, label=TEXT),
    figures=listed(FIGURE),
    reasons=listed(shape(code=TEXT, words=TEXT)),
    symbols=SYMBOLS,
)
RELEASES = shape(
    releases=listed(
        shape(quarter=QUARTER, number=WHOLE, digest=SHA256, published_on=DAY, catalogue=TEXT, links=by_name(TEXT))
    ),
    next_release_day=DAY,
)
UNIT = one_of(("young_people", "assessments"))
MENU = shape(
    catalogue=TEXT,
    releases=listed(QUARTER),
    tables=listed(shape(table=TEXT, title=TEXT, question=TEXT, unit=UNIT, releases=listed(QUARTER))),
    axes=listed(AXIS),
    units=by_name(TEXT),
    symbols=SYMBOLS,
)
RELEASE = shape(
    quarter=QUARTER,
    number=WHOLE,
    digest=SHA256,
    published_on=DAY,
    catalogue=TEXT,
    period=PERIOD,
    missing=MISSING,
    tables=listed(shape(table=TEXT, title=TEXT)),
    files=listed(TEXT),
)
DICTIONARY = FREE
