"""Every page of the admin × role: what opens, what is refused (403), what does not exist there (404)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from staff.kernel.admin import site
from tests.admin.conftest import BIRTH_DATE, MONTH, ROLES, SECRET_AMOUNT, SECRET_NOTE, Office

#: page, then the status for each of ROLES. ``own`` is in hr_sub's scope, ``other`` is not.
TABLE = """
                                            hr  hr_sub payroll gm auditor operator supervisor employee
index                                       200 200 200 200 200 200 403 403
staff_employee_changelist                   200 200 200 200 200 403 403 403
staff_employee_change own                   200 200 200 200 200 403 403 403
staff_employee_change other                 200 404 200 200 200 403 403 403
staff_employee_add                          200 200 403 403 403 403 403 403
person-edit own                             200 200 403 403 403 403 403 403
person-edit other                           200 404 403 403 403 403 403 403
person-department own                       200 200 403 403 403 403 403 403
person-supervisor own                       200 200 403 403 403 403 403 403
person-leave own                            200 200 403 403 403 403 403 403
staff_department_changelist                 200 200 200 200 200 403 403 403
staff_department_add                        200 200 403 403 403 403 403 403
staff_department_change first               200 200 403 403 403 403 403 403
staff_department_change second              200 404 403 403 403 403 403 403
staff_absence_changelist                    200 200 403 403 200 403 403 403
staff_absence_add                           200 200 403 403 403 403 403 403
staff_absence_change absence                200 200 403 403 200 403 403 403
assessment_event_changelist                 200 200 403 200 200 403 403 403
assessment_event_add                        200 200 403 403 403 403 403 403
assessment_event_change event               200 404 403 200 200 403 403 403
values                                      200 200 403 200 200 403 403 403
values-edit own month                       200 200 403 403 403 403 403 403
values-edit other month                     200 404 403 403 403 403 403 403
assessment_metric_changelist                200 200 200 200 200 403 403 403
assessment_metric_add                       200 200 403 403 403 403 403 403
assessment_metric_change 1                  200 200 200 200 200 403 403 403
assessment_eventkind_changelist             200 200 200 200 200 403 403 403
assessment_eventkind_change complaint       200 200 200 200 200 403 403 403
months                                      200 200 200 200 200 403 403 403
month month                                 200 200 200 200 200 403 403 403
month nothing                               404 404 404 404 404 403 403 403
month-gaps month                            200 200 403 200 200 403 403 403
month-close month                           200 403 403 403 403 403 403 403
month-intake month                          200 403 403 403 403 403 403 403
month-seal month                            200 403 403 403 403 403 403 403
month-digest month                          404 404 404 404 404 403 403 403
month-chase month                           405 405 403 403 403 403 403 403
uploads                                     200 200 200 403 403 403 403 403
upload nothing_sent                         404 404 404 403 403 403 403 403
upload-template values                      200 200 403 403 403 403 403 403
upload-template pay                         403 403 200 403 403 403 403 403
upload-template nothing                     404 404 404 403 403 403 403 403
payroll_payrecord_changelist                403 403 200 200 200 403 403 403
payroll_payrecord_add                       403 403 200 403 403 403 403 403
payroll_payrecord_change pay_record         403 403 200 200 200 403 403 403
bands                                       403 403 200 200 200 403 403 403
bands-export                                403 403 404 403 404 403 403 403
band-draft                                  403 403 404 403 403 403 403 403
band-change 999999                          403 403 404 404 404 403 403 403
band-edit 999999                            403 403 404 403 403 403 403 403
band-submit 999999                          403 403 404 403 403 403 403 403
band-withdraw 999999                        403 403 404 403 403 403 403 403
band-approve 999999                         403 403 403 404 403 403 403 403
band-decline 999999                         403 403 403 404 403 403 403 403
policy_policyversion_changelist             200 200 200 200 200 403 403 403
policy_policyversion_change version         200 200 200 200 200 403 403 403
policy-library info-service                 200 200 200 200 200 403 403 403
policy-library nothing                      404 404 404 404 404 403 403 403
policy-adopt info-service                   200 200 403 403 403 403 403 403
policy-adopt nothing                        404 404 403 403 403 403 403 403
adoption-request asked                      200 200 200 200 200 403 403 403
adoption-request 999999                     404 404 404 404 404 403 403 403
adoption-approve asked                      403 403 403 200 403 403 403 403
adoption-decline asked                      403 403 403 200 403 403 403 403
adoption-withdraw asked                     200 200 403 403 403 403 403 403
policy_adoption_changelist                  200 200 200 200 200 403 403 403
policy_adoption_change adoption             200 200 200 200 200 403 403 403
promotion_run_changelist                    200 200 403 200 200 200 403 403
promotion_run_change run                    200 200 403 200 200 200 403 403
sweep-start                                 200 200 403 403 403 200 403 403
sweep-progress                              200 200 403 200 200 200 403 403
board                                       200 200 403 200 200 403 403 403
board-progress                              200 200 403 200 200 403 403 403
board-again                                 405 405 403 403 403 405 403 403
board-person                                404 404 403 404 404 403 403 403
board-export                                200 200 403 403 200 403 403 403
standing own month                          200 200 403 200 200 403 403 403
standing other month                        200 404 403 200 200 403 403 403
promotion_ledgerline_changelist             200 200 200 200 200 403 403 403
staff_auditentry_changelist                 200 200 403 200 200 403 403 403
staff_account_changelist                    200 200 403 403 200 200 403 403
staff_account_add                           200 200 403 403 403 200 403 403
staff_account_change account_own            200 200 403 403 200 200 403 403
account-link account_own                    200 200 403 403 403 200 403 403
account-switch account_own                  403 403 403 403 403 200 403 403
account-second-factor account_own           200 200 403 403 403 200 403 403
account-devices-end account_own             405 405 403 403 403 405 403 403
account-device-end account_own 1            405 405 403 403 403 405 403 403
account-token-revoke account_own 1          405 405 403 403 403 405 403 403
staff_rolegrant_add                         200 200 403 200 403 200 403 403
grant-approve grant                         403 403 403 200 403 403 403 403
grant-end grant                             200 200 403 200 403 200 403 403
staff_rolegrant_change grant                200 200 403 200 200 200 403 403
staff_rolegrant_changelist                  200 200 403 200 200 200 403 403
django_celery_beat_periodictask_changelist  200 200 403 403 200 200 403 403
django_celery_beat_periodictask_change job  403 403 403 403 403 200 403 403
"""
CASES = [line.split()[: -len(ROLES)] for line in TABLE.strip().splitlines()[1:]]
EXPECTED = {
    " ".join(line.split()[: -len(ROLES)]): line.split()[-len(ROLES) :] for line in TABLE.strip().splitlines()[1:]
}
#: Routes of the admin that lead to no page of their own.
NO_PAGES = {
    "app_list", "login", "logout", "password_change", "password_change_done", "jsi18n", "autocomplete", "view_on_site",
    "search",
}  # fmt: skip
#: What is searched for in every answer, and the roles that may see it.
SECRETS = {
    str(SECRET_AMOUNT): {"payroll", "gm", "auditor"},
    f"{SECRET_AMOUNT:,}": {"payroll", "gm", "auditor"},
    SECRET_NOTE: {"hr", "auditor"},
    "<b>产假</b>": {"hr", "hr_sub", "auditor"},
    BIRTH_DATE.isoformat(): {"hr", "hr_sub", "auditor"},
}


def arguments(office: Office, words: list[str]) -> list[object]:
    from django_celery_beat.models import PeriodicTask

    from policy.models import Adoption, PolicyVersion

    known = {
        "own": office.own.pk,
        "other": office.other.pk,
        "first": office.first.pk,
        "second": office.second.pk,
        "absence": office.absence.pk,
        "event": office.event.pk,
        "pay_record": office.pay.pk,
        "run": office.run.pk,
        "month": str(MONTH),
        "version": PolicyVersion.objects.get().pk,
        "adoption": Adoption.objects.get().pk,
        "asked": office.asked.pk,
        "account_own": office.accounts["employee"].pk,
        "grant": office.waiting.pk,
        "nothing_sent": 999_999,
        "job": PeriodicTask.objects.get(name="nightly").pk,
    }
    return [known.get(word, word) for word in words]


@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_for_the_roles_of_the_table_alone_and_keeps_what_is_secret(office: Office, role: str) -> None:
    client, at = office.client(role), ROLES.index(role)
    wrong = []
    for name, *words in CASES:
        response = client.get(reverse(f"admin:{name}", args=arguments(office, words)))
        expected = EXPECTED[" ".join([name, *words])][at]
        if response.status_code != int(expected):
            wrong.append(f"{name} {' '.join(words)}: {response.status_code} instead of {expected}")
        body = (response.getvalue() if response.streaming else response.content).decode(errors="ignore")
        wrong += [f"{name} shows {secret}" for secret in SECRETS if role not in SECRETS[secret] and secret in body]
    assert not wrong, "\n".join(wrong)


def test_no_page_is_missing_from_the_table() -> None:
    named = {case[0] for case in CASES}
    routes = {pattern.name for resolver in site.urls[0] for pattern in getattr(resolver, "url_patterns", [resolver])}
    closed = {name for name in routes if name and name.endswith(("_delete", "_history"))}
    missing = {name for name in routes - closed - NO_PAGES - named if name}
    unreachable = {name for name in missing if name.endswith(("_add", "_change"))}
    assert missing - unreachable == set()


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_deleted_through_the_admin(office: Office, role: str) -> None:
    client = office.client(role)
    url = reverse("admin:staff_employee_delete", args=[office.own.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    office.own.refresh_from_db()


@pytest.mark.parametrize(
    "model", ["promotion_ledgerline", "staff_auditentry", "promotion_run", "policy_policyversion", "policy_adoption"]
)
def test_what_only_grows_has_no_form_for_anybody(office: Office, model: str) -> None:
    for role in ("hr", "gm", "auditor", "operator"):
        assert office.client(role).post(reverse(f"admin:{model}_add"), {}).status_code in (403, 404)


def test_whoever_is_not_signed_in_is_sent_to_the_one_sign_in_page(db: None) -> None:
    response = Client().get(reverse("admin:staff_employee_changelist"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("staff_employee_changelist", {"birth_date__gte": "1990-01-01"}),
        ("staff_employee_changelist", {"pay_records__base__gt": "5000"}),
        ("staff_employee_changelist", {"absences__kind": "maternity"}),
        ("assessment_event_changelist", {"note__icontains": "misconduct"}),
        ("staff_auditentry_changelist", {"after__contains": "x"}),
    ],
)
def test_an_address_cannot_ask_for_what_no_page_shows(office: Office, page: str, query: dict[str, str]) -> None:
    assert office.client("gm").get(reverse(f"admin:{page}"), query).status_code == 400
