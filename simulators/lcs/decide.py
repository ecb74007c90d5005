"""Accept or refuse a set: the checks in the contract's order, first failure wins."""

from simulators.lcs import checks_content, checks_person, checks_set
from simulators.lcs.case import Case
from simulators.lcs.mailbox import FileSet
from simulators.lcs.manifest import Manifest, read_manifest
from simulators.lcs.model import Authority, Refusal
from simulators.lcs.safe_xml import BadManifest

CHECKS = (
    checks_set.checksums_match,
    checks_set.not_accepted_before,
    checks_set.authority_served,
    checks_person.person_exists,
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
"""Reading the manifest comes before all of these: without it there is nothing to check."""


def decide(files: FileSet, authority: Authority, accepted_as: str | None) -> Manifest | Refusal:
    """The manifest to file, or the one reason not to."""
    held = files.held("xml")
    if held is None:
        return Refusal("BAD_MANIFEST", detail="there is no manifest")
    try:
        manifest = read_manifest(held.content, files.reference)
    except BadManifest as error:
        return Refusal("BAD_MANIFEST", detail=str(error))
    case = Case(files, manifest, authority, accepted_as)
    return next((refusal for check in CHECKS if (refusal := check(case))), manifest)
