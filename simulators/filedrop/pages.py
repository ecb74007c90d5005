"""The page a person looks at, and what programs may read of it."""

from collections.abc import Iterable

from flask import Flask, Response, abort
from markupsafe import Markup

from simulators.filedrop.memory import Memory
from simulators.filedrop.model import Record
from simulators.kit.control import control_blueprint
from simulators.kit.pages import careful, page, table
from simulators.sftp.faults import FileFaults

TITLE = "File exchange simulator (fictional)"
_FORM = ("Number", "Version", "Form", "Child id", "Document", "Reference", "State")


def create_app(memory: Memory, faults: FileFaults) -> Flask:
    """Reads from the memory at each request and keeps nothing."""
    app = Flask(__name__)
    app.after_request(careful)
    app.register_blueprint(control_blueprint(faults))
    app.add_url_rule("/", "front", lambda: _front(memory))
    app.add_url_rule("/records/<reference>", "record", lambda reference: _record(_find(memory, reference)))
    app.add_url_rule("/documents/<reference>.pdf", "document", lambda reference: _document(_find(memory, reference)))
    return app


def _find(memory: Memory, reference: str) -> Record:
    """Withdrawn words are off the file."""
    found = memory.accepted(reference)
    if found is None or found.withdrawn:
        abort(404)
    return found


def _front(memory: Memory) -> str:
    """Newest first."""
    records = memory.records()[::-1]
    of = {kind: [record for record in records if record.kind == kind] for kind in ("form", "task", "withdrawal")}
    refused = [(one.reference, one.code, _said(one.more.items()), one.refused_at) for one in memory.refusals()[::-1]]
    return page(
        TITLE,
        _section("Records", _FORM, _forms(of["form"])),
        _section("Tasks", ("Number", "Team", "Due", "Title", "Child id", "Reference"), _tasks(of["task"])),
        _section("Withdrawals", ("Record", "Reason", "At", "Reference"), _withdrawals(of["withdrawal"])),
        _section("Refused", ("Reference", "Code", "More", "At"), refused),
    )


def _section(title: str, headers: Iterable[str], rows: Iterable[Iterable[object]]) -> Markup:
    return Markup("<h2>{}</h2>{}").format(title, table(headers, rows))


def _forms(records: list[Record]) -> list[tuple[object, ...]]:
    return [
        (one.number, one.version, one.form, one.child_id, _to_document(one), _to_record(one), _state(one))
        for one in records
    ]


def _state(record: Record) -> str:
    return "withdrawn" if record.withdrawn else "restricted" if record.restricted else ""


def _to_record(record: Record) -> object:
    link = Markup('<a href="/records/{0}">{0}</a>').format(record.reference)
    return record.reference if record.withdrawn else link


def _to_document(record: Record) -> object:
    if record.document is None or record.withdrawn:
        return ""
    return Markup('<a href="/documents/{}.pdf">{}</a>').format(record.reference, record.document.number)


def _tasks(records: list[Record]) -> list[tuple[object, ...]]:
    return [(one.number, one.team, one.due_on, one.title, one.child_id, one.reference) for one in records]


def _withdrawals(records: list[Record]) -> list[tuple[object, ...]]:
    return [(one.number, one.reason, one.filed_at, one.reference) for one in records]


def _said(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in pairs)


def _record(record: Record) -> str:
    rows = [(answer.question, answer.row, answer.value) for answer in record.answers]
    return page(
        f"Record {record.number}, version {record.version}",
        _section("About", _FORM, _forms([record])),
        _section("Answers", ("Question", "Row", "Answer"), rows),
    )


def _document(record: Record) -> Response:
    if record.document is None:
        abort(404)
    return Response(record.document.content, mimetype="application/pdf")
