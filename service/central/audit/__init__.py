"""The audit by attack: what an intruder could work out from what is published. It shares nothing with protection."""

from service.central.audit.bounds import Interval
from service.central.audit.report import Finding, Report, Tried, Visible, as_json
from service.central.audit.run import audit
from service.central.audit.text import as_text

__all__ = ["Finding", "Interval", "Report", "Tried", "Visible", "as_json", "as_text", "audit"]
