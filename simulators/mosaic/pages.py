"""Read-only pages for people who watch a demo, and the same content as JSON for programs.

Everything shown was sent by somebody, so the templates escape it all. The ordinary pages show of a
withdrawn step only that it was withdrawn, and why. Its answers and documents are under `/kept/`, which in a
real system would take a right of its own.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, send_file

from simulators.kit.pages import careful

from .forms import Form
from .model import Step
from .seed import Seed
from .store import Store

_MOST_SHOWN = 500


class Pages:
    """The pages over one store."""

    def __init__(self, store: Store, forms: Mapping[int, Form], seed: Seed) -> None:
        self._store = store
        self._forms = forms
        self._seed = seed

    def blueprint(self) -> Blueprint:
        """The routes outside the base path of the protocol; no sign-in, loopback only by the socket."""
        pages = Blueprint("pages", __name__)
        pages.get("/")(self.overview)
        pages.get("/steps/<int:step_id>")(self.step)
        pages.get("/documents/<int:document_id>")(self.document)
        pages.get("/kept/steps/<int:step_id>")(self.kept_step)
        pages.get("/kept/documents/<int:document_id>")(self.kept_document)
        pages.get("/steps.json")(self.as_json)
        pages.after_request(careful)
        return pages

    def overview(self) -> str:
        """All steps, newest first, and what waits in the work trays."""
        steps = self._store.steps()[::-1]
        tray = [step for step in steps if step.status == "INCOMING"]
        shown = {"steps": steps[:_MOST_SHOWN], "tray": tray[:_MOST_SHOWN], "total": len(steps), "waiting": len(tray)}
        return render_template("overview.html", title_of=self._title, team_of=self._team, **shown)

    def step(self, step_id: int) -> str:
        """One step with its answers in the order they were sent, or the word that it was withdrawn."""
        found = self._store.step(step_id) or abort(404)
        return self._shown("withdrawn.html" if found.withdrawal else "step.html", found, "")

    def kept_step(self, step_id: int) -> str:
        """A withdrawn step in full, for those who answer for the records."""
        found = self._store.step(step_id)
        if found is None or found.withdrawal is None:
            abort(404)
        return self._shown("step.html", found, "/kept")

    def _shown(self, template: str, step: Step, start: str) -> str:
        """`start` begins the addresses of the step's documents."""
        names = {"title_of": self._title, "team_of": self._team, "action_of": self._seed.action_types}
        return render_template(template, step=step, start=start, **names)

    def document(self, document_id: int) -> Response:
        """A document of a step that was not withdrawn."""
        return self._document(document_id, withdrawn=False)

    def kept_document(self, document_id: int) -> Response:
        """A document of a step that was."""
        return self._document(document_id, withdrawn=True)

    def _document(self, document_id: int, withdrawn: bool) -> Response:
        """The stored bytes; only a PDF opens in the browser, anything else is saved."""
        found = self._store.document(document_id) if document_id < 2**63 else None
        step = self._store.step_of_document(document_id) if found else None
        if found is None or step is None or (step.withdrawal is not None) != withdrawn:
            abort(404)
        is_pdf = found.content.startswith(b"%PDF-")
        kind = "application/pdf" if is_pdf else "application/octet-stream"
        return send_file(BytesIO(found.content), kind, as_attachment=not is_pdf, download_name=found.name)

    def as_json(self) -> Response:
        """All steps with their answers written out, or those with one `externalReference`.

        For programs that check what was sent: this is no view of a person's file.
        """
        found = self._store.steps(request.args.get("externalReference"))
        return jsonify({"steps": [_in_full(step) for step in found]})

    def _title(self, step_type_id: int) -> str:
        form = self._forms.get(step_type_id)
        return form.title if form else "no longer defined"

    def _team(self, code: str) -> str:
        return self._seed.teams.get(code, "no longer defined")


def _in_full(step: Step) -> dict[str, Any]:
    notes = [note.wire() for note in step.notes]
    return {**step.wire(), "answerList": list(step.answers), "created": step.created, "notes": notes}
