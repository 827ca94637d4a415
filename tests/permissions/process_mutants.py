"""Mutants of the processes' own checks: name, file, what stands there, what would without the check, the table asked first."""

from __future__ import annotations

ACTS = "tests/permissions/test_process_actions.py"
RACES, ORDER = "tests/applications/test_crossings.py", "tests/applications/test_machine.py"
CASE_RACES, CASE_ORDER = "tests/cases/test_races.py", "tests/cases/test_machine.py"
WAY, COURSE = "tests/applications/test_way.py", "tests/cases/test_course.py"
EVERY_WRITE = "tests/faults/test_every_write.py"
#: Slow ones, after every other.
TABLES = (ACTS, COURSE, WAY, CASE_ORDER, ORDER, EVERY_WRITE, CASE_RACES, RACES)

_RIGHTS, _BOUNDS = "promotion/applications/rights.py", "promotion/cases/bounds.py"
_APPEAL, _MOVE = "promotion/applications/actions/appeal_decide.py", "promotion/cases/actions/move.py"
_REPLY, _GIVE = "assessment/actions/feedback_reply.py", "assessment/actions/feedback_give.py"
_ANSWER = "assessment/actions/feedback_answer.py"
_STEP, _TURN_DOWN = "promotion/applications/actions/step_finish.py", "assessment/actions/correction_turn_down.py"
MUTANTS = (
    (
        "whose application", _RIGHTS, "if application.employee_id != access.employee_id:", "if False:", ACTS,
    ),
    ("HR of the person's department", _RIGHTS, "require_in_scope(others, employee, verb, Thing.APPLICATION)", "pass", ACTS),
    (
        "HR about themselves", _RIGHTS, "others.require_about(employee.pk, Thing.APPLICATION, verb)",
        "others.require(Thing.APPLICATION, verb)", ACTS,
    ),
    ("opinion of whoever leads them directly", _RIGHTS, "    if direct:\n", "    if False:\n", ACTS),
    (
        "review out of scope", _RIGHTS, "require_in_scope(access, application.employee, Verb.CREATE, Thing.REVIEW)", "pass",
        ACTS,
    ),
    (
        "review of one's own", _RIGHTS, "access.require_about(application.employee_id, Thing.REVIEW, Verb.CREATE)",
        "access.require(Thing.REVIEW, Verb.CREATE)", ACTS,
    ),
    ("whoever advised decides", _RIGHTS, "if refusal := advised(application, account):",
     'if refusal := advised(application, account) and "":', ACTS),
    (
        "decision about oneself", _RIGHTS, "access.require_about(application.employee_id, Thing.APPLICATION, Verb.DECIDE)",
        "access.require(Thing.APPLICATION, Verb.DECIDE)", ACTS,
    ),
    ("appeal answered by whoever declined", _APPEAL, "if refusal := bound(application, account, employee, access.day):",
     'if refusal := bound(application, account, employee, access.day) and "":', ACTS),
    ("appeal given to another", _APPEAL, "elif appeal.decider_id != access.account_id:", "elif False:", ACTS),
    (
        "whose case", _BOUNDS, "if access.employee_id is None or person_of(proceeding).pk != access.employee_id:", "if False:",
        ACTS,
    ),
    ("case out of scope", _BOUNDS, "require_in_scope(acting, person, verb, Thing.PROCEEDING)", "pass", ACTS),
    (
        "case about oneself", _BOUNDS, "acting.require_about(person.pk, Thing.PROCEEDING, verb)",
        "acting.require(Thing.PROCEEDING, verb)", ACTS,
    ),
    ("in the role that the step asks for", _BOUNDS, "access.in_roles(role)", "access", ACTS),
    ("whoever checked the facts decides", _BOUNDS, "if proceeding.checked_by_id in access.accounts:", "if False:", ACTS),
    ("first decider answers the appeal", _BOUNDS, "if refusal := bound(proceeding, account, employee, access.day):",
     'if refusal := bound(proceeding, account, employee, access.day) and "":', ACTS),
    (
        "appeal of a case given to another", _BOUNDS, "elif proceeding.decider_id != access.account_id:", "elif False:",
        ACTS,
    ),
    (
        "maker and checker of a correction", _TURN_DOWN, "if access.account_id == correction.requested_by_id:", "if False:",
        ACTS,
    ),
    ("a correction is its maker's", _TURN_DOWN, "if access.account_id != correction.requested_by_id:", "if False:", ACTS),
    ("a correction looked at out of scope", "promotion/corrections/actions/correction_approve.py",
     "require_in_scope(access, correction.employee, Verb.UPDATE, Thing.MONTH)", "pass", ACTS),
    ("whose result a feedback is of", _REPLY, "if access.employee_id is None or feedback.employee_id != access.employee_id:",
     "if False:", ACTS),
    (
        "feedback out of scope", _GIVE, "require_in_scope(acting, employee, Verb.CREATE, Thing.FEEDBACK)", "pass", ACTS,
    ),
    (
        "feedback of one's own result", _GIVE, "acting.require_about(employee.pk, Thing.FEEDBACK, Verb.CREATE)", "pass", ACTS,
    ),
    ("an objection answered out of scope", _ANSWER, "require_in_scope(acting, feedback.employee, verb, Thing.FEEDBACK)", "pass",
     ACTS),
    (
        "a vacancy out of scope", "promotion/shortlist/actions/vacancy_mark.py",
        "if access.account_id is None or not (scope.company or department.pk in scope.departments):", "if False:", ACTS,
    ),
    ("one's own role handed on", "staff/actions/delegation_make.py", "or role not in access.roles", "", ACTS),
    (
        "a delegation confirmed by its maker", "staff/actions/delegation_confirm.py",
        "if access.account_id is None or access.account_id in (delegation.holder_id, delegation.deputy_id):", "if False:", ACTS,
    ),
    (
        "rounds out of scope", "promotion/panels/actions/round_arrange.py",
        "if not scope.company and department.pk not in scope.departments:", "if False:", ACTS,
    ),
    (
        "an effect before its day", "promotion/cases/actions/take_effect.py", "return Q(over, tier_on__lte=access.day)",
        "return over", COURSE,
    ),
    ("heard before decided", "promotion/cases/actions/decide.py", "Q(state=S.SERVED, statement_due__lt=access.day)",
     "Q(state=S.CHECKED)", COURSE),
    (
        "withdrawn after the decision", "promotion/applications/actions/withdraw.py",
        "application.process[: application.process.index(DECISION) + 1]", "application.process", WAY,
    ),
    (
        "an effect in one act", "promotion/applications/actions/take_effect.py", "@transaction.atomic\ndef take_effect(",
        "def take_effect(", EVERY_WRITE,
    ),
    ("an application claimed where it stands", _STEP, "Application.objects.filter(where, pk=application.pk).update",
     "Application.objects.filter(pk=application.pk).update", WAY),
    ("what was returned frozen anew", "promotion/applications/actions/submit.py",
     "_frozen_now(access, row) if row.state == ApplicationState.DRAFT else {}", "_frozen_now(access, row)", WAY),
    ("a case claimed where it stands", _MOVE, "Proceeding.objects.filter(where, pk=proceeding.pk).update",
     "Proceeding.objects.filter(pk=proceeding.pk).update", COURSE),
)  # fmt: skip
