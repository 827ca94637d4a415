"""People, accounts, and the trail that every app writes to."""

from staff.models.accounts import (
    DERIVED_ROLES,
    TWO_PERSON_ROLES,
    Account,
    Invitation,
    MailChoice,
    Role,
    RoleGrant,
)
from staff.models.attachments import Attachment, AttachmentContent, AttachmentKind
from staff.models.delegations import CONFIRMED_ROLES, DELEGABLE, Delegation
from staff.models.digests import MailDigest
from staff.models.people import (
    Absence,
    AbsenceKind,
    Department,
    DepartmentClosure,
    DepartmentPeriod,
    Employee,
    SupervisorPeriod,
)
from staff.models.programs import AnsweredRequest, ApiToken
from staff.models.robots import Robot, RobotKind, RobotMessage
from staff.models.trail import AuditEntry, Operation, OutboxMessage, RowChange, RowChangeText, Touch
from staff.models.uploads import RecordUpload, UploadState
from staff.models.workdays import Workday, WorkdaySource

__all__ = [
    "CONFIRMED_ROLES",
    "DELEGABLE",
    "DERIVED_ROLES",
    "TWO_PERSON_ROLES",
    "Absence",
    "AbsenceKind",
    "Account",
    "AnsweredRequest",
    "ApiToken",
    "Attachment",
    "AttachmentContent",
    "AttachmentKind",
    "AuditEntry",
    "Delegation",
    "Department",
    "DepartmentClosure",
    "DepartmentPeriod",
    "Employee",
    "Invitation",
    "MailChoice",
    "MailDigest",
    "Operation",
    "OutboxMessage",
    "RecordUpload",
    "Robot",
    "RobotKind",
    "RobotMessage",
    "Role",
    "RoleGrant",
    "RowChange",
    "RowChangeText",
    "SupervisorPeriod",
    "Touch",
    "UploadState",
    "Workday",
    "WorkdaySource",
]
