"""Where an issuer has its endpoints: any issuer with or without a path, and one as Entra ID's v2.0 endpoints."""

from dataclasses import dataclass

CONFIGURATION = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Shape:
    """Paths below the host. `issuer` is the path part of the issuer's identifier, without a slash at its end."""

    issuer: str
    authorize: str
    token: str
    jwks: str
    userinfo: str
    end_session: str
    tenant: str | None = None

    @property
    def is_entra(self) -> bool:
        return self.tenant is not None


def plain(path: str = "") -> Shape:
    """`path` as `/realms/salford`, or nothing."""
    if path and (not path.startswith("/") or path.endswith("/")):
        raise ValueError("a path begins with a slash and ends without one")
    names = {name: f"{path}/{name.replace('_', '-')}" for name in ("authorize", "token", "jwks", "userinfo")}
    return Shape(issuer=path, end_session=f"{path}/end-session", **names)


def entra(tenant: str) -> Shape:
    """`/{tenant}/v2.0`, with the endpoints where Microsoft documents them; userinfo is on another host there."""
    base = f"/{tenant}/oauth2/v2.0"
    return Shape(
        issuer=f"/{tenant}/v2.0",
        authorize=f"{base}/authorize",
        token=f"{base}/token",
        jwks=f"/{tenant}/discovery/v2.0/keys",
        userinfo="/oidc/userinfo",
        end_session=f"{base}/logout",
        tenant=tenant,
    )
