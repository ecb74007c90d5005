"""Accept or refuse a set: the checks in the contract's order, first failure wins."""

from collections.abc import Callable

from simulators.lcs import checks_content, checks_person, checks_record, checks_set
from simulators.lcs.case import Case
from simulators.lcs.manifest import Manifest, read_manifest
from simulators.lcs.model import Authority, Refusal
from simulators.lcs.store import Store
from simulators.sftp.mailbox import FileSet
from simulators.sftp.safe_xml import BadManifest

Check = Callable[[Case], Refusal | None]

OF_THE_SET: tuple[Check, ...] = (
    checks_set.checksums_match,
    checks_set.not_accepted_before,
    checks_set.authority_served,
    checks_person.person_exists,
)
"""Reading the manifest comes before all of these: without it there is nothing to check."""

OF_NEW_CONTENT: tuple[Check, ...] = (
    checks_person.person_not_merged,
    checks_person.birth_agrees,
    checks_person.referral_open,
    checks_content.form_type_known,
    checks_content.answer_codes_known,
    checks_content.document_type_known,
    checks_content.document_acceptable,
    checks_content.task_type_known,
    checks_content.department_known,
)
"""Not for a withdrawal, which adds nothing: a wrong entry must go, whatever became of the person since."""

OF_THE_RECORD: tuple[Check, ...] = (checks_record.record_known, checks_record.record_not_withdrawn)


def decide(files: FileSet, authority: Authority, store: Store) -> Manifest | Refusal:
    """The manifest to file, or the one reason not to."""
    held = files.held("xml")
    if held is None:
        return Refusal("BAD_MANIFEST", detail="there is no manifest")
    try:
        manifest = read_manifest(held.content, files.reference)
    except BadManifest as error:
        return Refusal("BAD_MANIFEST", detail=str(error))
    record = None if manifest.record_id is None else store.newest(manifest.record_id)
    case = Case(files, manifest, authority, store.accepted_as(files.reference), record)
    return next((refusal for check in _checks(manifest) if (refusal := check(case))), manifest)


def _checks(manifest: Manifest) -> tuple[Check, ...]:
    return OF_THE_SET + (() if manifest.withdraw else OF_NEW_CONTENT) + OF_THE_RECORD
