"""What a caller can do with steps, without any HTTP in it.

Each change looks, judges and writes inside one transaction, so two callers cannot both pass a
check that only one of them may pass. The transaction is committed when the method returns.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from .answers import answers_faults
from .completion import completion_faults, next_steps
from .corrections import correction_faults
from .documents import Upload, upload_faults
from .forms import Form
from .knobs import Knobs
from .locks import find_lock
from .model import CHANGEABLE, Document, NewStep, Note, Step
from .newnote import new_note_faults, read_new_note
from .newstep import new_step_faults, read_new_step
from .people import People, Person, is_visible, require_current, visible_person, with_changes
from .refusals import no_permission, not_found, refuse_if_any, step_locked, step_withdrawn, wrong_state
from .seed import Seed
from .store import Store


class Operations:
    """The rules applied to what is stored."""

    def __init__(self, store: Store, seed: Seed, forms: Mapping[int, Form], knobs: Knobs) -> None:
        self._store = store
        self._seed = seed
        self._forms = forms
        self._knobs = knobs
        self._teams = frozenset(seed.teams)

    def person(self, person_id: int) -> Person:
        """A person the caller may see; a merged one still answers."""
        return visible_person(self._people(), person_id)

    def search(self, external_reference: str) -> list[Step]:
        """The steps with a reference, less those the caller may not see."""
        found = self._store.steps(external_reference)
        return [step for step in found if self._readable(step)]

    def step(self, step_id: int) -> Step:
        """One step the caller may read."""
        step = self._known(step_id)
        self._require("read", step.step_type_id)
        return step

    def notes(self, external_reference: str) -> list[Note]:
        """The notes with a reference, less those on steps the caller may not see."""
        found = self._store.notes(external_reference)
        return [note for note in found if self._readable(self._stored(note.step_id))]

    def create(self, body: Any) -> Step:
        """Make a step for one person, perhaps to correct an earlier one of theirs."""
        refuse_if_any(new_step_faults(body, self._forms, self._teams))
        new = read_new_step(body)
        self._require("add", new.step_type_id)
        require_current(self._people(), new.person_id)
        with self._store.transaction():
            self._require_correctable(new)
            return self._stored(self._store.add_step(new))

    def _require_correctable(self, new: NewStep) -> None:
        """The earlier step will show the new one, so a lock on it counts here as well."""
        if new.corrects_step_id is None:
            return
        earlier = self._store.step(new.corrects_step_id)
        refuse_if_any(correction_faults(new, earlier))
        if earlier is not None:
            self._refuse_locked(earlier)

    def replace_answers(self, step_id: int, body: Any) -> Step:
        """Replace all answers of a step."""
        with self._store.transaction():
            step = self._changeable(step_id)
            refuse_if_any(answers_faults(body, self._form(step)))
            self._store.replace_answers(step_id, body["restricted"], body["answers"])
            return self._stored(step_id)

    def question_types(self, step_id: int) -> dict[str, str]:
        """The data type of each question of a step's form; nothing for a step there is not, which is refused later."""
        step = self._store.step(step_id)
        return {code: item.data_type for code, item in self._form(step).questions.items()} if step else {}

    def add_document(self, step_id: int, upload: Upload) -> Document:
        """Attach a document; the same one twice is stored twice."""
        with self._store.transaction():
            self._changeable(step_id)
            refuse_if_any(upload_faults(upload, self._seed.documents))
            return self._store.add_document(step_id, upload)

    def complete(self, step_id: int, body: Any) -> Step:
        """Complete a step and make its next steps, together or not at all."""
        with self._store.transaction():
            step = self._changeable(step_id)
            form = self._form(step)
            refuse_if_any(completion_faults(body, step, form, self._teams))
            for action_type_id, new in next_steps(body, step, form):
                self._store.add_next_action(step_id, action_type_id, self._store.add_step(new))
            self._store.set_status(step_id, "COMPLETED")
            return self._stored(step_id)

    def add_note(self, step_id: int, body: Any) -> Note:
        """Withdraw a completed step; nothing in it changes."""
        with self._store.transaction():
            step = self._in_state(step_id, ("COMPLETED",))
            if step.withdrawal is not None:
                raise step_withdrawn()
            self._require_free(step)
            refuse_if_any(new_note_faults(body))
            return self._store.add_note(read_new_note(step_id, body))

    def _changeable(self, step_id: int) -> Step:
        """State before lock: waiting for a lock on a completed step would be waiting for nothing."""
        step = self._in_state(step_id, CHANGEABLE)
        self._require_free(step)
        return step

    def _in_state(self, step_id: int, states: Collection[str]) -> Step:
        step = self._known(step_id)
        self._require("edit", step.step_type_id)
        if step.status not in states:
            raise wrong_state(step.status)
        return step

    def _require_free(self, step: Step) -> None:
        self._refuse_locked(step)
        require_current(self._people(), step.person_id)

    def _refuse_locked(self, step: Step) -> None:
        lock = find_lock(self._knobs.now().locks, step.external_reference, datetime.now(UTC))
        if lock is not None:
            raise step_locked(lock.locked_by, lock.until_text())

    def _known(self, step_id: int) -> Step:
        """A step about a hidden person is hidden with the person."""
        step = self._store.step(step_id)
        if step is None or not is_visible(self._people(), step.person_id):
            raise not_found()
        return step

    def _stored(self, step_id: int) -> Step:
        step = self._store.step(step_id)
        if step is None:
            raise LookupError(f"step {step_id} vanished inside its own transaction")
        return step

    def _readable(self, step: Step) -> bool:
        return is_visible(self._people(), step.person_id) and self._seed.may("read", step.step_type_id)

    def _require(self, permission: str, step_type_id: int) -> None:
        if not self._seed.may(permission, step_type_id):
            raise no_permission()

    def _form(self, step: Step) -> Form:
        """A step whose type left the file since is kept, but has no form to check against."""
        return self._forms.get(step.step_type_id) or Form(step.step_type_id, "", {})

    def _people(self) -> People:
        settings = self._knobs.now()
        return with_changes(self._seed.people, settings.merge_people, settings.hide_people)
