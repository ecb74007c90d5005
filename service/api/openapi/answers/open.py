"""What anybody may read: health, schemas, keys; and what the token endpoint answers."""

from __future__ import annotations

from service.api.openapi.shapes import FLAG, FREE, TEXT, WHOLE, listed, one_of, or_null, shape

_CHECK = shape(name=TEXT, ok=FLAG, count=or_null(WHOLE), age_seconds=or_null(WHOLE))
HEALTH = shape(optional=("checks",), status=one_of(("ok", "unavailable")), checks=listed(_CHECK))
TOKEN = shape(access_token=TEXT, token_type=one_of(("Bearer",)), expires_in=WHOLE, scope=TEXT)
TOKEN_REFUSED = shape(optional=("error_description", "error_uri"), error=TEXT, error_description=TEXT, error_uri=TEXT)
SCHEMAS = shape(schemas=listed(shape(record_type=TEXT, edition=TEXT, url=TEXT)))
KEYS = shape(keys=listed(FREE))
