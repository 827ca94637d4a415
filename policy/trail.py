"""What the trail keeps of versions, adoptions and requests, and what it calls what is done to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Thing
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch


def declare() -> None:
    # a version never changes: its digest says which document it was
    watch("policy.PolicyVersion", Thing.POLICY, left_out=("document",))
    watch("policy.Adoption", Thing.POLICY, personal=("consultation",))
    watch("policy.AdoptionRequest", Thing.POLICY, personal=("consultation", "reason"))
    ACTIONS.update(
        {
            "adoption_request_approved": _("Request for an adoption approved"),
            "adoption_request_declined": _("Request for an adoption declined"),
            "adoption_request_withdrawn": _("Request for an adoption withdrawn"),
            "adoption_requested": _("Adoption requested"),
            "policy_adopted": _("Policy adopted"),
            "policy_published": _("Policy published"),
        }
    )
    OBJECTS.update(
        {
            "adoption": ObjectKind(_("adoption"), Thing.POLICY),
            "adoption_request": ObjectKind(_("request for an adoption"), Thing.POLICY),
            "policy": ObjectKind(_("policy"), Thing.POLICY),
        }
    )
