"""The steps that a policy may set for a promotion, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

APPLICATION = "application"
#: step of a document → what it is called.
PROCESS: dict[str, Any] = {
    "exam": _("exam"),
    APPLICATION: _("application"),
    "opinion": _("the supervisor's opinion"),
    "review": _("review by the head of department"),
    "interview": _("interview"),
    "verification": _("verification"),
    "defence": _("defence"),
    "competition": _("competition"),
    "decision": _("decision"),
    "public_notice": _("public notice"),
    "written_notice": _("written notice"),
}
