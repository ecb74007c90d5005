"""Codes local to the fictional authority, and its rules for documents."""

from .refusals import Fault

TEAMS = {"CSAFE", "REVIEW"}
TASK_TYPES = {"REVIEW"}
WITHDRAWAL = "withdrawal"
DOCUMENT_TYPES = {"ASSESS": {"WISE", "RISE", "NWG", "OTHER"}, "CORRES": {"LETTER"}}
EXTENSIONS = {"pdf", "docx", "doc", "rtf", "txt", "jpg", "jpeg", "png"}
_FORBIDDEN = set('\\/:*?"<>|')
_LONGEST_NAME = 80


def document_faults(name: str, document_type: str, sub_type: str, size: int) -> list[Fault]:
    """Everything the product would not take about a file."""
    found = []
    if size == 0:
        found.append(Fault("DOCUMENT_EMPTY", "content"))
    if name.rpartition(".")[2].lower() not in EXTENSIONS or "." not in name:
        found.append(Fault("DOCUMENT_EXTENSION", "name"))
    if len(name) > _LONGEST_NAME or any(sign in _FORBIDDEN or not sign.isprintable() for sign in name):
        found.append(Fault("DOCUMENT_NAME", "name"))
    if sub_type not in DOCUMENT_TYPES.get(document_type, set()):
        found.append(Fault("UNKNOWN_DOCUMENT_TYPE", "documentType"))
    return found


def task_faults(task_type: str, team: str) -> list[Fault]:
    """Work trays and kinds of work the authority does not have."""
    unknown = [("UNKNOWN_TASK_TYPE", "taskType", task_type in TASK_TYPES), ("UNKNOWN_TEAM", "team", team in TEAMS)]
    return [Fault(code, target) for code, target, known in unknown if not known]
