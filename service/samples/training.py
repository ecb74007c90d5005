"""What the training register should hold so that the samples' assessors count as trained (rule T1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.samples.professionals import TRAINED, social_worker_ref
from service.samples.setting import Setting

_COURSES = (("wise_core", "hub"), ("nwg_assessment_tool", "nwg"))


def attendances(setting: Setting) -> list[dict[str, Any]]:
    """Each trained social worker's attendance of both courses, a month before the first record at the latest."""
    first, _ = setting.days
    return [
        {
            "authority": setting.policy.authority,
            "professional_ref": social_worker_ref(setting.prefix, number),
            "course": course,
            "delivered_by": by,
            "attended_on": (first - timedelta(days=30 + number)).isoformat(),
        }
        for number in TRAINED
        for course, by in _COURSES
    ]
