"""How messages about months, doubts and cases read in the inbox, and where they lead."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.kernel.told import Payload, register_message


def register() -> None:
    register_message(
        "month_gaps",
        lambda p: (
            ngettext(
                "HR asks for %(n)d value of %(month)s that is missing.",
                "HR asks for %(n)d values of %(month)s that are missing.",
                p["gaps"],
            )
            % {"n": p["gaps"], "month": p["month"]}
        ),
        lambda p: reverse("intake-month", args=[p["month"]]),
    )
    register_message("doubt_to_answer", lambda p: _("A doubt waits for your answer."), _doubt)
    register_message("doubt_answered", lambda p: _("Your doubt has been answered."), _doubt)
    register_message("doubt_withdrawn", lambda p: _("A doubt that lay with you was taken back."), _doubt)
    register_message(
        "case_raised", lambda p: _("There is a case of yours."), lambda p: reverse("case", args=[p["case"]])
    )
    register_message(
        "case_withdrawn",
        lambda p: _("A case of yours was withdrawn."),
        lambda p: reverse("case", args=[p["case"]]),
    )
    register_message(
        "cases_to_act",
        lambda p: _("The results of %(month)s have raised cases for you to see to.") % {"month": p["month"]},
        lambda p: reverse("cases"),
    )
    register_message(
        "value_corrected",
        lambda p: _("What was reported about you in a sealed month has been corrected."),
        lambda p: reverse("my-months"),
    )


def _doubt(payload: Payload) -> str:
    return reverse("doubt", args=[payload["doubt"]])
