"""Publish a document as a version. The same document again is the same version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from policy import catalogue
from policy.language import Checked, load_document
from policy.language.checked import Input
from policy.models import PolicyVersion
from policy.selectors import document_digest
from staff.kernel import audit
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.refusals import told


class InputKeeper(Protocol):
    def __call__(self, *, access: Access, inputs: Iterable[Input]) -> object: ...


#: Called with the inputs of a document that is published, by the apps that keep what is reported.
input_keepers: list[InputKeeper] = []


def parts_of(checked: Checked) -> list[str]:
    """What the policy governs: ``ladder``, ``scorecard``, ``pay:<component>`` for each line of a pay run."""
    parts = ["ladder"] if checked.ladder else []
    parts += ["scorecard"] if checked.scorecard else []
    return parts + [f"pay:{component.key}" for component in checked.pay if component.on is None]


@transaction.atomic
def publish(*, access: Access, text: str) -> PolicyVersion:
    """Raises ``policy.language.Faults`` with every fault of the document, ``Refused`` where somebody publishes another version
    of the policy in the same moment, ``Forbidden`` without the right.
    """
    access.require(Thing.POLICY, Verb.DECIDE)
    checked = load_document(text, catalogue.current())
    digest = document_digest(text)
    known = PolicyVersion.objects.filter(key=checked.key, digest=digest).first()
    if known:
        return known
    for keep in input_keepers:
        keep(access=access, inputs=checked.inputs.values())
    last = PolicyVersion.objects.filter(key=checked.key).order_by("-number").select_for_update().first()
    version = PolicyVersion(
        key=checked.key,
        number=last.number + 1 if last else 1,
        title_zh=checked.title.zh,
        title_en=checked.title.en,
        document=text,
        digest=digest,
        parts=parts_of(checked),
        published_by_id=access.account_id,
    )
    second = _("Somebody has published a version of %(policy)s in this very moment. Read it, then publish again.")
    second %= {"policy": checked.key}
    with told(dict.fromkeys(("policy_version_number_once", "policy_document_once"), second)):
        version.save()
    audit.record(
        access,
        "policy_published",
        object_type="policy",
        object_key=version.key,
        after={"number": version.number, "digest": digest},
    )
    return version
