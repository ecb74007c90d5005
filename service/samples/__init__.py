"""Made-up records for demonstrations, measurements and tests. Nobody in them is real; nothing in them is a score."""

from service.samples.generator import ALL, record_types, samples
from service.samples.setting import Child, Setting, usual_prefix
from service.samples.training import attendances

__all__ = ["ALL", "Child", "Setting", "attendances", "record_types", "samples", "usual_prefix"]
