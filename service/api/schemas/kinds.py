"""A marshmallow field for each kind of the domain's catalogue. They judge; they change nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from service.api.schemas import message, patterns
from service.api.schemas.message import Message
from service.domain import fields as domain
from service.domain.london import as_date
from service.domain.scores import is_band

_MESSAGES = {"required": message.MISSING, "null": message.NULL, "validator_failed": message.TEXT}
_TIME = re.compile(patterns.TIME)


class _Judged:
    """Hands out our messages as they are; marshmallow would format them and lose what they carry."""

    error_messages: dict[str, Any]

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        return ValidationError([self.error_messages[key]])


def _common(field: domain.Field) -> dict[str, Any]:
    return {"required": field.required, "allow_none": field.nullable, "error_messages": _MESSAGES}


def says_something(text: str, *, words: bool) -> bool:
    """A narrative needs a letter or digit; a young person's own words may be a single sign."""
    if words:
        return bool(text.strip())
    return any(unicodedata.category(char)[0] in "LN" for char in text)


class TextField(_Judged, fields.Field[str]):
    """A paragraph."""

    def __init__(self, field: domain.Text) -> None:
        self.spec = field
        super().__init__(**_common(field))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError([message.TEXT])
        if not says_something(value, words=self.spec.words):
            raise ValidationError([message.BLANK])
        if len(value) > self.spec.max:
            raise ValidationError([_too_long(len(value), self.spec.max)])
        if not self.spec.words and is_band(value):
            raise ValidationError([message.NO_SCORE])
        return value


def _too_long(length: int, limit: int) -> Message:
    return Message("F-length", f"This has {length:,} characters; up to {limit:,} fit.", "Shorten it.")


class TokenField(_Judged, fields.Field[str]):
    """A reference."""

    def __init__(self, field: domain.Token) -> None:
        self.spec = field
        self.pattern = re.compile(field.pattern)
        super().__init__(**_common(field))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError([message.TEXT])
        if is_band(value):
            raise ValidationError([message.NO_SCORE])
        if not (value.isascii() and self.pattern.fullmatch(value)):
            raise ValidationError([self._format()])
        return value

    def _format(self) -> Message:
        words = "This doesn't have the form of this kind of reference; names and spaces don't fit in one."
        return Message("F-format", words, f"Up to {self.spec.max} characters, for example: {self.spec.example}.")


class CodeField(_Judged, fields.Field[str]):
    """One of a closed list."""

    def __init__(self, field: domain.Code) -> None:
        self.codes = frozenset(field.codes)
        self.unlisted = Message("F-code", "That isn't on the list.", f"Choose one of: {', '.join(field.codes)}.")
        super().__init__(**_common(field))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if isinstance(value, str) and value in self.codes:
            return value
        if isinstance(value, str) and is_band(value):
            raise ValidationError([message.NO_SCORE])
        raise ValidationError([self.unlisted])


class DateField(_Judged, fields.Field[str]):
    """A calendar date."""

    def __init__(self, field: domain.Date) -> None:
        super().__init__(**_common(field))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if as_date(value) is None:
            raise ValidationError([message.DATE])
        return str(value)


class InstantField(_Judged, fields.Field[str]):
    """A moment with its offset. What `datetime.fromisoformat` takes differs between versions of Python: we say it."""

    def __init__(self, field: domain.Instant) -> None:
        super().__init__(**_common(field))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not (isinstance(value, str) and as_date(value[:10]) and _TIME.fullmatch(value[10:])):
            raise ValidationError([message.INSTANT])
        return value


class WholeField(_Judged, fields.Field[int]):
    """A whole number in a range."""

    def __init__(self, field: domain.Whole) -> None:
        self.spec = field
        super().__init__(**_common(field))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and self.spec.min <= value <= self.spec.max:
            return value
        words = f"This should be a whole number from {self.spec.min} to {self.spec.max}."
        raise ValidationError([Message("F-number", words, "Send a number, without quotation marks.")])


class FlagField(_Judged, fields.Field[bool]):
    """True or false. Text such as "no" is refused: guessing it would turn unknown into no."""

    def __init__(self, field: domain.Flag) -> None:
        self.only_true = field.only_true
        super().__init__(**_common(field))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError([message.TRUE_OR_FALSE])
        if self.only_true and not value:
            raise ValidationError([message.CONFIRM])
        return value


class ListField(_Judged, fields.List[Any]):
    """A list of one kind of item."""

    def __init__(self, field: domain.Many, item: fields.Field[Any]) -> None:
        self.bounds = (field.min, field.max)
        super().__init__(
            item,
            required=field.required,
            allow_none=field.nullable,
            error_messages={**_MESSAGES, "invalid": message.LIST},
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError([message.LIST])
        low, high = self.bounds
        if not low <= len(value) <= high:
            words = f"This list has {len(value)} items; it takes {low} to {high}."
            raise ValidationError([Message("F-length", words, "Add or remove items.")])
        return super()._deserialize(value, attr, data, **kwargs)


class GroupField(_Judged, fields.Nested):
    """An object inside the record."""
