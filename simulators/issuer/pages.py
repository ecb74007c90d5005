"""The two pages a browser sees: who signs in, and the form that carries an answer back by POST."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from .people import Person

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""Without `form-action`: browsers apply it to where a form's answer redirects, which is the client's address."""
_PAGE = Markup(
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title></head>"
    "<body><main><h1>{title}</h1>{body}</main></body></html>"
)


def sign_in_form(action: str, given: Mapping[str, str], people: Iterable[Person]) -> str:
    """One button for each prepared person, and one to refuse; the request goes along."""
    kept = {name: value for name, value in given.items() if name not in {"login_hint", "prompt"}}
    button = Markup("<p><button name='login_hint' value='{}'>{}</button></p>")
    buttons = Markup("").join(button.format(each.login, each.name or each.login) for each in people)
    refuse = Markup("<p><button name='refused' value='yes'>Refuse</button></p>")
    form = Markup("<p>A simulated issuer. Everybody here is made up.</p><form method='post' action='{}'>{}{}{}</form>")
    body = form.format(action, _hidden(kept), buttons, refuse)
    return _PAGE.format(title="Sign in as", body=body)


def form_post(address: str, said: Mapping[str, str]) -> str:
    """OAuth 2.0 Form Post Response Mode, with a button where others use a script."""
    form = Markup("<form method='post' action='{}'>{}<p><button>Continue</button></p></form>")
    return _PAGE.format(title="Signed in", body=form.format(address, _hidden(said)))


def _hidden(fields: Mapping[str, str]) -> Markup:
    field = Markup("<input type='hidden' name='{}' value='{}'>")
    return Markup("").join(field.format(name, value) for name, value in fields.items())
