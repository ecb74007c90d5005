"""Read-only pages showing what the simulated systems hold."""

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
    app.add_url_rule("/<slug>/records/<id>", "record", lambda slug, id: _record(_find(instances, slug), id))
    app.add_url_rule("/<slug>/documents/<id>.pdf", "document", lambda slug, id: _document(_find(instances, slug), id))
    return app


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
    tables = [(one, one.filed()[::-1], one.refusals()[::-1]) for one in shown]
    return render_template("overview.html", tables=tables, rows=rows)


def _record(instance: LcsInstance, record_id: str) -> str:
    record = next((one for one in instance.filed() if one.record_id == record_id), None)
    form = instance.authority.forms.get(record.form_type or "") if record else None
    return render_template("record.html", instance=instance, record=record or abort(404), form=form)


def _document(instance: LcsInstance, document_id: str) -> Response:
    """Looked up among the records, so the id never becomes part of a path."""
    record = next((one for one in instance.filed() if one.document_id == document_id), None)
    if record is None or record.document_path is None:
        abort(404)
    return send_file(record.document_path.resolve(), mimetype="application/pdf")


def _records(instance: LcsInstance) -> Response:
    records = [_as_json(record) for record in instance.filed()]
    refusals = [asdict(refusal) for refusal in instance.refusals()]
    return jsonify(authority=instance.authority.gss, records=records, refusals=refusals)


def _as_json(record: FiledRecord) -> dict[str, object]:
    """Without the path, which means nothing outside this machine."""
    values = asdict(record)
    del values["document_path"]
    return values
