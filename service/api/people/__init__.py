"""People at the door: signing in at their own organisation, sessions, and what a session may do."""

from __future__ import annotations

from flask import Flask

from service.api.people import refusal, session, signed_in, signing_in
from service.api.people.desk import People

__all__ = ["People", "register"]


def register(app: Flask, people: People) -> None:
    """Lets this application's guard know sessions, and adds the routes."""
    app.extensions["wise_bridge_people"] = people
    app.extensions["wise_bridge_sessions"] = session.caller
    app.register_error_handler(refusal.NotLetIn, refusal.answer)
    app.after_request(session.never_kept)
    app.register_blueprint(signing_in.blueprint)
    app.register_blueprint(signed_in.blueprint)
