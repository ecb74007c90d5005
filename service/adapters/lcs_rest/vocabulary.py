"""Every word of `docs/protocols/lcs-rest.md` that another LCS may spell differently, as the page spells it."""

from __future__ import annotations

PATHS = ("people", "forms", "documents", "answers", "complete", "withdrawals", "tasks")
"""The records of the page are not asked for."""

PARAMETERS = ("externalReference", "legacyId")

_PERSON = ("personId", "legacyId", "dateOfBirth", "dobEstimated", "duplicatedDttm", "mergedTo", "restricted", "people")
_FORM = (
    *("forms", "formId", "status", "recordId", "version", "formType", "externalReference", "completedOn"),
    *("replacesRecordId", "answersSha256", "documents", "filedAt", "withdrawn", "authority", "age", "years", "asAt"),
)
_CONTENT = (
    "documentId",
    "fileName",
    "title",
    "documentType",
    "sha256",
    "content",
    "answers",
    "answerNo",
    "row",
    "answer",
)
_TASK = ("tasks", "taskId", "taskType", "dueOn", "departmentCode", "workerId", "createdAt")
_WITHDRAWAL = ("withdrawals", "withdrawalId", "reason", "withdrawnAt")
_REFUSAL = ("code", "errors", "rule")
MEMBERS = (*_PERSON, *_FORM, *_CONTENT, *_TASK, *_WITHDRAWAL, *_REFUSAL)
"""Those that are sent or read."""

FLAGS = ("Y", "N")
FORM_STATES = ("DRAFT", "COMPLETE")
WITHDRAWAL_REASONS = ("wrong_young_person", "entered_twice", "entered_in_error")
_CODES = (
    *("BAD_REQUEST", "NOT_PERMITTED", "WRONG_AUTHORITY", "PERSON_RESTRICTED", "PERSON_NOT_FOUND", "FORM_NOT_FOUND"),
    *("UNKNOWN_RECORD", "NOT_FOUND", "DUPLICATE_REFERENCE", "PERSON_MERGED", "DOB_ESTIMATED", "DOB_MISMATCH"),
    *("NO_OPEN_REFERRAL", "RECORD_LOCKED", "FORM_STATE", "RECORD_WITHDRAWN", "MEDIA_TYPE", "UNKNOWN_FORM_CODE"),
    *("UNKNOWN_DOC_TYPE", "UNKNOWN_TASK_TYPE", "UNKNOWN_DEPARTMENT", "UNKNOWN_WORKER", "UNKNOWN_ANSWER_CODE"),
    *("ANSWERS_REFUSED", "DOC_REJECTED", "DOC_TOO_LARGE", "NOT_FINISHED", "ASSIGNEE"),
)
RULES = (
    *("EMPTY", "TOO_LONG", "WRONG_TYPE", "NOT_IN_LIST", "ROW_NOT_ALLOWED", "ROW_REQUIRED", "REPEATED"),
    *("DATE_INCOMPLETE", "NO_SUCH_DAY", "REQUIRED"),
)
WORDS = (*FLAGS, *FORM_STATES, *WITHDRAWAL_REASONS, *_CODES, *RULES)
