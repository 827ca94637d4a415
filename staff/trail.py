"""What the trail keeps of people, accounts, roles and jobs, and what it calls what is done to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Thing
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch

#: The employee of the account that a row hangs on.
_OF_ACCOUNT = "(SELECT a.employee_id FROM staff_account a WHERE a.id = t.{column})"
#: What beat and Django's sign-in note by themselves.
_BEAT_NOTES = ("last_run_at", "total_run_count", "date_changed")


def declare() -> None:
    _watch_people()
    _watch_accounts()
    _watch_jobs()
    _name_acts()
    _name_objects()


def _watch_people() -> None:
    watch("staff.Department", Thing.PERSON, named=())
    watch(
        "staff.Employee",
        Thing.PERSON,
        about="t.id",
        named=(),
        personal=("name", "email", "im_account"),
        sensitive=("birth_date",),
        left_out=("pinyin", "recorded_at"),
    )
    watch("staff.DepartmentPeriod", Thing.PERSON)
    watch("staff.SupervisorPeriod", Thing.PERSON)
    watch("staff.Attachment", None, about="t.employee_id", personal=("name",), left_out=("sha256",))
    watch("staff.Absence", Thing.ABSENCE, sensitive=("kind",), left_out=("recorded_at",))
    # whoever sends a file may send one about pay
    watch(
        "staff.RecordUpload",
        None,
        about=_OF_ACCOUNT.format(column="account_id"),
        personal=("file_name",),
        left_out=("summary", "changes"),
    )


def _watch_accounts() -> None:
    of_account, of_user = _OF_ACCOUNT.format(column="account_id"), _OF_ACCOUNT.format(column="user_id")
    watch(
        "staff.Account",
        Thing.ACCOUNT,
        named=("employee",),
        personal=("username", "display_name"),
        secret=("password",),
        left_out=("last_login",),
    )
    watch("staff.RoleGrant", Thing.GRANT, about=of_account, personal=("reason",))
    holder = _OF_ACCOUNT.format(column="holder_id")
    watch("staff.Delegation", Thing.DELEGATION, about=holder, personal=("reason",))
    watch("staff.Invitation", Thing.ACCOUNT, about=of_account, secret=("digest",))
    watch("staff.ApiToken", Thing.ACCOUNT, about=of_account, secret=("digest", "hint"), left_out=("last_used_at",))
    watch("mfa.Authenticator", Thing.ACCOUNT, about=of_user, secret=("data",), left_out=("last_used_at",))
    watch(
        "usersessions.UserSession",
        Thing.ACCOUNT,
        about=of_user,
        secret=("session_key", "data"),
        left_out=("last_seen_at", "ip", "user_agent"),
    )


def _watch_jobs() -> None:
    watch("staff.Workday", Thing.MONTH)
    watch("staff.Robot", Thing.JOB, secret=("token", "secret"))
    watch(
        "django_celery_beat.PeriodicTask",
        Thing.JOB,
        named=(),
        name_of=lambda task: str(task.name),
        left_out=_BEAT_NOTES,
    )
    for schedule in ("CrontabSchedule", "IntervalSchedule", "ClockedSchedule", "SolarSchedule"):
        watch(f"django_celery_beat.{schedule}", Thing.JOB, named=())


def _name_acts() -> None:
    ACTIONS.update(
        {
            "absence_saved": _("Absence recorded"),
            "account_closed": _("Account closed"),
            "account_invited": _("Account invited"),
            "account_opened": _("Account opened again"),
            "calendar_amended": _("Working calendar changed"),
            "calendar_filled": _("Working calendar filled"),
            "department_saved": _("Department saved"),
            "delegation_confirmed": _("Deputy confirmed"),
            "delegation_ended": _("Standing in ended"),
            "delegation_made": _("Deputy named"),
            "device_ended": _("Device signed out"),
            "password_changed": _("Password changed"),
            "password_set": _("Password set by invitation"),
            "person_changed": _("Master data changed"),
            "person_hired": _("Person hired"),
            "department_moved": _("Department changed"),
            "supervisor_moved": _("Supervisor changed"),
            "records_dumped": _("Records exported"),
            "records_loaded": _("Records loaded"),
            "recovery_code_used": _("Signed in with a recovery code"),
            "recovery_codes_renewed": _("Recovery codes renewed"),
            "robot_saved": _("Group robot saved"),
            "role_approved": _("Role approved"),
            "role_ended": _("Role ended"),
            "role_granted": _("Role granted"),
            "schedule_changed": _("Schedule changed"),
            "second_factor_removed": _("Second factor removed"),
            "second_factor_replaced": _("Second factor replaced"),
            "second_factor_reset": _("Second factor reset"),
            "second_factor_set_up": _("Second factor set up"),
            "token_created": _("Token made"),
            "token_revoked": _("Token revoked"),
        }
    )


def _name_objects() -> None:
    OBJECTS.update(
        {
            "absence": ObjectKind(_("absence"), Thing.ABSENCE),
            "account": ObjectKind(_("account"), Thing.ACCOUNT),
            "calendar": ObjectKind(_("working calendar"), Thing.MONTH),
            "delegation": ObjectKind(_("delegation"), Thing.DELEGATION),
            "department": ObjectKind(_("department"), Thing.PERSON),
            "employee": ObjectKind(_("employee"), Thing.PERSON),
            "job": ObjectKind(_("job"), Thing.JOB),
            "records": ObjectKind(_("file of records"), Thing.PERSON),
            "robot": ObjectKind(_("group robot"), Thing.JOB),
            "role_grant": ObjectKind(_("role grant"), Thing.GRANT),
            "token": ObjectKind(_("token"), Thing.ACCOUNT),
        }
    )
