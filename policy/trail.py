"""What the trail keeps of versions, drafts, adoptions and requests, and what it calls what is done to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Thing
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch


def declare() -> None:
    # a version never changes: its digest says which document it was
    watch("policy.PolicyVersion", Thing.POLICY, left_out=("document",))
    watch("policy.Adoption", Thing.POLICY, personal=("consultation",))
    watch("policy.AdoptionRequest", Thing.POLICY, personal=("consultation", "reason"))
    # its digest says which text it was; the texts that count are the versions'
    watch("policy.PolicyDraft", Thing.POLICY, personal=("consultation", "reason"), left_out=("document",))
    ACTIONS.update(
        {
            "adoption_request_approved": _("Request for an adoption approved"),
            "adoption_request_declined": _("Request for an adoption declined"),
            "adoption_request_withdrawn": _("Request for an adoption withdrawn"),
            "adoption_requested": _("Adoption requested"),
            "adoption_withdrawn": _("Adoption withdrawn before its day"),
            "policy_adopted": _("Policy adopted"),
            "policy_draft_approved": _("Draft of a policy approved"),
            "policy_draft_discarded": _("Draft of a policy discarded"),
            "policy_draft_rebased": _("Draft of a policy compared with a newer version"),
            "policy_draft_returned": _("Draft of a policy returned"),
            "policy_draft_saved": _("Draft of a policy saved"),
            "policy_draft_started": _("Draft of a policy begun"),
            "policy_draft_submitted": _("Draft of a policy submitted"),
            "policy_draft_taken_back": _("Draft of a policy taken back"),
            "policy_published": _("Policy published"),
        }
    )
    OBJECTS.update(
        {
            "adoption": ObjectKind(_("adoption"), Thing.POLICY),
            "adoption_request": ObjectKind(_("request for an adoption"), Thing.POLICY),
            "policy": ObjectKind(_("policy"), Thing.POLICY),
            "policy_draft": ObjectKind(_("draft of a policy"), Thing.POLICY),
        }
    )
