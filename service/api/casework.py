"""The casework application: records in, their way shown, reviews listed. No aggregate is served from here."""

from __future__ import annotations

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
    reviews,
    submissions,
    supervision,
    webhooks,
)
from service.api.application import UNLIMITED, Front, bare_application
from service.api.schemas.published import published_schemas
from service.api.services import Services
from service.api.tokens import TokenMaker, TokenReader


def casework_application(services: Services, maker: TokenMaker, reader: TokenReader, front: Front = UNLIMITED) -> Flask:
    """Built from what the wiring gives it."""
    app = bare_application("wise-bridge-casework", front)
    app.extensions["wise_bridge"] = services
    app.extensions["wise_bridge_tokens"] = reader
    oauth.register(app, maker)
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
