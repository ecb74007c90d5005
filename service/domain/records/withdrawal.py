"""A withdrawal: a record that should never have been sent is taken back (domain model, 3: `submission_kind`).

It carries the envelope and nothing of the young person but the reference the record was sent under, so that a slip in
the id of the record cannot take away another young person's.
"""

from service.domain import codes
from service.domain.fields import Group, Klass
from service.domain.records.common import ENVELOPE, YOUNG_PERSON
from service.domain.records.shorthand import coded, group, narrative, on, ref
from service.domain.records.variants import optional, required

_ENVELOPE = {name: ENVELOPE[name] for name in ("schema_version", "record_type", "authority", "submission_id")}

WITHDRAWAL: Group = Group(
    fields={
        **_ENVELOPE,
        "submission_kind": coded(("withdrawal",), required=True),
        "supersedes_submission_id": ref(required=True),
        "submitted_at": ENVELOPE["submitted_at"],
        "capture_mode": optional(ENVELOPE["capture_mode"]),
        "template_version": optional(ENVELOPE["template_version"]),
        "entered_on": ENVELOPE["entered_on"],
        "entered_by_ref": ENVELOPE["entered_by_ref"],
        "young_person": required(group(la_child_id=YOUNG_PERSON.fields["la_child_id"])),
        "withdrawal": required(
            group(
                reason=coded(codes.WITHDRAWAL_REASONS, required=True),
                decided_by_ref=ref(required=True, klass=Klass.PROFESSIONAL),
                decided_on=on(),
                note=narrative(),
            )
        ),
    }
)
