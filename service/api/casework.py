"""The casework application: records in, their way shown, reviews listed. No aggregate is served from here."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from service.api import (
    access,
    admin,
    batches,
    documents,
    evaluation,
    feedback,
    health,
    holds,
    manifests,
    metrics,
    oauth,
    packs,
    receipts,
    record_schemas,
    records,
    refusals,
    reviews,
    submissions,
    supervision,
    webhooks,
)
from service.api.application import UNLIMITED, Front, bare_application
from service.api.schemas.published import published_schemas
from service.api.services import Services
from service.api.standing import Standing
from service.api.tokens import TokenMaker, TokenReader


@dataclass(frozen=True)
class SignIn:
    """How machines sign in: what makes tokens and reads them, who still stands, and where refusals are noted."""

    maker: TokenMaker
    reader: TokenReader
    doors: oauth.Doors
    standing: Standing
    note_refused: refusals.Note


def casework_application(services: Services, sign_in: SignIn, front: Front = UNLIMITED) -> Flask:
    """Built from what the wiring gives it."""
    app = bare_application("wise-bridge-casework", front)
    app.extensions["wise_bridge"] = services
    app.extensions["wise_bridge_tokens"], app.extensions["wise_bridge_standing"] = sign_in.reader, sign_in.standing
    refusals.register(app, sign_in.note_refused)
    oauth.register(app, sign_in.maker, sign_in.doors)
    health.register(app, services.database_answers, services.health.look)
    metrics.register(app, services.health.pulses, services.metrics_token)
    record_schemas.register(app, published_schemas)
    for module in (records, batches, submissions, documents, holds, reviews, feedback, evaluation, supervision, packs):
        app.register_blueprint(module.blueprint)
    for blueprint in admin.BLUEPRINTS:
        app.register_blueprint(blueprint)
    for each in (manifests, receipts, webhooks, access):
        app.register_blueprint(each.blueprint)
    return app
