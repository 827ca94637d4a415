"""Each of the nine is put in force in the browser: HR asks with what its source leaves open, the general manager approves."""

from __future__ import annotations

from django.urls import reverse

from policy import library
from policy.models import Adoption, AdoptionRequest
from policy.selectors import library_policy
from staff.models import Department
from tests.admin.conftest import Office
from tests.admin.test_people_forms import errors, post
from tests.permissions.doors import undone

PARAMETERS = 10


def test_all_nine_are_adopted_and_what_is_missing_or_in_the_way_is_named(office: Office) -> None:
    hr, gm = office.client("hr"), office.client("gm")
    elsewhere = Department.objects.create(name="夜班", parent=office.company.root)
    for key in library.policy_keys():
        unset = library_policy(key).unset
        form = {"department": elsewhere.pk, "starts_on": "2026-12-01", "consultation": "职工代表讨论"}
        with undone():
            if unset:
                answer = post(hr, "policy-adopt", form, key)
                assert answer.status_code == 422
                assert len(unset) == PARAMETERS
                assert all(name in str(errors(answer)["__all__"]) for name in unset)
                assert {f"set_{name}" for name in unset} <= set(errors(answer))
            given = {f"set_{name}": "1" for name in unset}
            answer = post(hr, "policy-adopt", {**form, **given}, key)
            assert answer.status_code == 302, (key, errors(answer))
            asked = AdoptionRequest.objects.latest("pk")
            answer = post(gm, "adoption-approve", {"reason": ""}, asked.pk)
            assert answer.status_code == 302, (key, errors(answer))
            adopted = Adoption.objects.get(policy=key, department=elsewhere)
            assert (adopted.version.key, len(adopted.values)) == (key, len(unset))
    there = {"department": office.company.department.pk, "starts_on": "2026-12-01", "consultation": ""}
    assert post(hr, "policy-adopt", there, "tiered-exam").status_code == 302
    asked = AdoptionRequest.objects.latest("pk")
    body = office.client("gm").get(
        reverse("admin:adoption-request", args=[asked.pk]), headers={"accept-language": "zh-hans"}
    )
    assert "有冲突" in body.content.decode()
    assert post(gm, "adoption-approve", {"reason": ""}, asked.pk).status_code == 422
