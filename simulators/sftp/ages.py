"""How old somebody is on a day."""

from datetime import date


def age_at(dob: date, day: date) -> int:
    """Completed years. Born on 29 February: a year older on 1 March of a common year."""
    before_birthday = (day.month, day.day) < (dob.month, dob.day)
    return day.year - dob.year - before_birthday
