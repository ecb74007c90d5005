"""HTTP as every connector speaks it: one deadline, no redirects, no environment, JSON only, failures in our words."""

from service.adapters.http.client import Conversation, HttpClient, Reply, Request
from service.adapters.http.deadline import Deadline
from service.adapters.http.status import common_problem, unexpected

__all__ = ["Conversation", "Deadline", "HttpClient", "Reply", "Request", "common_problem", "unexpected"]
