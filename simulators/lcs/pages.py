"""Read-only pages showing what the simulated systems hold.

The ordinary pages show of a withdrawn record only that it was withdrawn, and why. Its words and documents are
under `kept/`, which in a real system would take a right of its own.
"""

from collections.abc import Mapping
from dataclasses import asdict

from flask import Flask, Response, abort, jsonify, render_template, send_file

from simulators.lcs.instance import LcsInstance
from simulators.lcs.model import FiledRecord

ROWS_ON_FRONT_PAGE = 50
Instances = Mapping[str, LcsInstance]
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def create_app(instances: Instances) -> Flask:
    """The pages read from the instances at each request and keep nothing."""
    app = Flask(__name__)
    app.after_request(_safe)
    app.add_url_rule("/", "front", lambda: _overview(list(instances.values()), ROWS_ON_FRONT_PAGE))
    app.add_url_rule("/<slug>/", "instance", lambda slug: _overview([_find(instances, slug)], None))
    app.add_url_rule("/<slug>/records.json", "records", lambda slug: _records(_find(instances, slug)))
    _add_views(app, instances, "/<slug>", kept=False)
    _add_views(app, instances, "/<slug>/kept", kept=True)
    return app


def _add_views(app: Flask, instances: Instances, start: str, kept: bool) -> None:
    """The same addresses twice: for everybody, and for those who answer for the records."""
    name = "kept_" if kept else ""

    def record(slug: str, id: str, version: int | None = None) -> str:
        return _record(_find(instances, slug), id, version, kept)

    def document(slug: str, id: str) -> Response:
        return _document(_find(instances, slug), id, kept)

    app.add_url_rule(f"{start}/records/<id>", f"{name}record", record)
    app.add_url_rule(f"{start}/records/<id>/versions/<int:version>", f"{name}version", record)
    app.add_url_rule(f"{start}/documents/<id>.pdf", f"{name}document", document)


def _safe(response: Response) -> Response:
    """The content policy is for our own pages: browsers' PDF viewers stumble over it."""
    response.headers.update(_HEADERS)
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = _PAGE_POLICY
    return response


def _find(instances: Instances, slug: str) -> LcsInstance:
    return instances.get(slug) or abort(404)


def _overview(shown: list[LcsInstance], rows: int | None) -> str:
    """Newest first; the front page is cut so that it stays quick under load."""
    tables = [(one, _newest_versions(one), one.refusals()[::-1]) for one in shown]
    return render_template("overview.html", tables=tables, rows=rows)


def _newest_versions(instance: LcsInstance) -> list[FiledRecord]:
    """One for each record, the last one filed first."""
    newest: dict[str, FiledRecord] = {}
    for record in reversed(instance.filed()):
        newest.setdefault(record.record_id, record)
    return list(newest.values())


def _record(instance: LcsInstance, record_id: str, version: int | None, kept: bool) -> str:
    """One version of a record, the newest unless it is said which."""
    versions = instance.versions(record_id)
    record = next((one for one in reversed(versions) if version in (None, one.version)), None)
    if record is None or (kept and not record.withdrawal):
        abort(404)
    form = instance.authority.forms.get(record.form_type or "")
    shown = {"record": record, "versions": versions, "form": form, "kept": "kept_" if kept else ""}
    if record.withdrawal and not kept:
        return render_template("withdrawn.html", instance=instance, **shown)
    return render_template("record.html", instance=instance, **shown)


def _document(instance: LcsInstance, document_id: str, kept: bool) -> Response:
    """Looked up among the records, so the id never becomes part of a path."""
    record = next((one for one in instance.filed() if one.document_id == document_id), None)
    if record is None or record.document_path is None or kept != bool(record.withdrawal):
        abort(404)
    return send_file(record.document_path.resolve(), mimetype="application/pdf")


def _records(instance: LcsInstance) -> Response:
    """Everything held, for programs that check what was sent: this is no view of a person's file."""
    records = [_as_json(record) for record in instance.filed()]
    refusals = [asdict(refusal) for refusal in instance.refusals()]
    withdrawals = [asdict(withdrawal) for withdrawal in instance.withdrawals()]
    return jsonify(authority=instance.authority.gss, records=records, refusals=refusals, withdrawals=withdrawals)


def _as_json(record: FiledRecord) -> dict[str, object]:
    """Without the path, which means nothing outside this machine."""
    values = asdict(record)
    del values["document_path"]
    return values
