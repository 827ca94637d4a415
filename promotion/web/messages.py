"""How messages about months to seal and standings read in the inbox, and where they lead; what waits for a second person."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from promotion.corrections import registered as corrections
from staff.kernel.told import register_message


def register() -> None:
    corrections.declare()
    register_message(
        "month_to_seal",
        lambda p: _("%(month)s waits to be sealed.") % {"month": p["month"]},
        lambda p: reverse("admin:months"),
    )
    register_message(
        "eligible",
        lambda p: _("As of %(month)s you meet every measured condition of the next tier.") % {"month": p["month"]},
        lambda p: reverse("me"),
    )
