"""HTTP as every connector speaks it: one deadline, listed targets, no redirects, no environment, our own words."""

from service.adapters.egress import Deadline
from service.adapters.http.client import CALL_SECONDS, HttpClient
from service.adapters.http.conversation import Conversation
from service.adapters.http.messages import Reply, Request
from service.adapters.http.proxy import Proxy, read_proxy
from service.adapters.http.session import SessionSignIn
from service.adapters.http.sign_in import ApiKey, Basic, SignIn
from service.adapters.http.status import common_problem, unexpected
from service.adapters.http.tls import Tls, read_tls
from service.adapters.http.tokens import ClientCredentials

__all__ = [
    "CALL_SECONDS",
    "ApiKey",
    "Basic",
    "ClientCredentials",
    "Conversation",
    "Deadline",
    "HttpClient",
    "Proxy",
    "Reply",
    "Request",
    "SessionSignIn",
    "SignIn",
    "Tls",
    "common_problem",
    "read_proxy",
    "read_tls",
    "unexpected",
]
