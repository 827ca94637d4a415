"""An application 晋升申请 and all that is said on its way: the steps done, the attestations, the files beside it."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policy.models import PolicyVersion
from promotion.ledger.models import LedgerLine
from promotion.sweep.models import Run
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.fields import MonthField
from staff.kernel.words import both_names
from staff.models import Account, Attachment, Department, Employee
from staff.models.querysets import AboutEmployee, within

#: The last step of every application, which no document names: it waits for its day.
EFFECT = "effect"
DECISION = "decision"
NOTICE = "public_notice"


class ApplicationKind(models.TextChoices):
    """How it came about."""

    APPLIED = "applied", _("the person applied")
    NOMINATED = "nominated", _("HR nominated")
    CONFIRMED = "confirmed", _("HR confirmed the exam")
    SKIP = "skip", _("skip-level promotion")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("application", "draft")
    NOMINATED = "nominated", pgettext_lazy("application", "waits for acceptance")
    OPEN = "open", pgettext_lazy("application", "under way")
    RETURNED = "returned", pgettext_lazy("application", "returned for completion")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
    DECLINED = "declined", pgettext_lazy("application", "declined")
    HALTED = "halted", pgettext_lazy("application", "halted")
    EFFECTIVE = "effective", pgettext_lazy("application", "in the ledger")


#: While it is one of these nobody has a second one.
UNSETTLED = (ApplicationState.DRAFT, ApplicationState.NOMINATED, ApplicationState.OPEN, ApplicationState.RETURNED)
SETTLED = tuple(state for state in ApplicationState if state not in UNSETTLED)
#: Before it is handed in, it rests on nothing.
_NOT_HANDED_IN = (ApplicationState.DRAFT, ApplicationState.NOMINATED)


class ApplicationQuerySet(AboutEmployee):
    thing = Thing.APPLICATION

    def visible_to(self, access: Access, verb: Verb = Verb.READ) -> Self:
        """Those of the people in scope; a judge's beside them: of the candidates of rounds that are assigned to them; and for
        whoever HR named to decide an appeal, the one it is about. A draft, and a nomination that is not accepted, is the
        person's own and HR's.
        """
        scope = access.scope(self.thing, verb)
        rows = self.filter(within(scope, access.day, self.path))
        if not access.everything and not access.roles_for(self.thing, verb) & {"hr", "auditor"}:
            rows = rows.exclude(~Q(employee=access.employee_id), state__in=_NOT_HANDED_IN)
        if verb is Verb.READ and access.account_id is not None and "judge" in access.roles:
            from promotion.panels.models import Candidate

            judged = Candidate.objects.filter(
                application=OuterRef("pk"),
                left_at=None,
                round__judges__account=access.account_id,
                round__judges__replaced_at=None,
            )
            rows = rows | self.filter(Exists(judged))
        if verb is Verb.READ and access.account_id is not None and access.only is None:
            named = Appeal.objects.filter(application=OuterRef("pk"), decider=access.account_id, state="open")
            rows = rows | self.filter(Exists(named))
        return rows

    def reached(self, access: Access, thing: Thing, verb: Verb) -> Self:
        """Those of the people whom one reaches with the verb on the thing: an opinion's, a review's."""
        return self.filter(within(access.scope(thing, verb), access.day, self.path))

    def unsettled(self) -> Self:
        return self.filter(state__in=UNSETTLED)


class Application(models.Model):
    """One person's way to one tier. ``process`` holds the names of its steps as its version has them, ``EFFECT`` last; ``step``
    is the one it stands at while it is under way. ``frozen`` is what the standing of ``standing_month`` said when it was handed
    in: ``{"outcome", "conditions": [...], "triggers": [...], "run", "digest"}`` as the sweep's file has them. ``facts`` holds
    what the process has yielded: ``{"review_total": "83.50", "competition_won": true}``. ``due_on`` is the last day of whoever
    has to act now. ``attempt`` counts the hand-ins: a returned application is reviewed anew.
    """

    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="applications"
    )
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("how it came about"), max_length=10, choices=ApplicationKind)
    version = models.ForeignKey(PolicyVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)
    from_tier = models.CharField(_("from"), max_length=41)
    to_tier = models.CharField(_("to"), max_length=41)
    process = ArrayField(models.CharField(max_length=20))
    state = models.CharField(_("state"), max_length=10, choices=ApplicationState, default=ApplicationState.DRAFT)
    step = models.CharField(_("step"), max_length=20, blank=True, default="")
    step_since = models.DateTimeField(_("at this step since"), db_default=Now())
    due_on = models.DateField(_("due on"), null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    standing_month = MonthField(_("on the standing of"), null=True)
    standing_run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    frozen = models.JSONField(null=True)
    frozen_digest = models.CharField(max_length=64, blank=True, default="")
    facts = models.JSONField(default=dict)
    summary = models.TextField(_("work summary"), blank=True, default="")
    results = models.TextField(_("results"), blank=True, default="")
    merit = models.TextField(_("the merit"), blank=True, default="", help_text=_("Of a skip-level promotion."))
    opened_by = models.ForeignKey(
        Account, verbose_name=_("opened by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"), db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(_("handed in"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    reason = models.TextField(_("why it ended so"), blank=True, default="")
    clause = models.CharField(_("by the clause"), max_length=100, blank=True, default="")
    effective_on = models.DateField(_("effective on"), null=True)
    line = models.OneToOneField(
        LedgerLine, verbose_name=_("ledger line"), null=True, on_delete=models.PROTECT, related_name="application"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ApplicationKind.values), name="application_kind_known"),
            models.CheckConstraint(
                condition=Q(Q(state="open"), ~Q(step="")) | Q(~Q(state="open"), step=""),
                name="open_application_has_step",
            ),
            models.CheckConstraint(
                condition=Q(state="effective", line__isnull=False) | Q(~Q(state="effective"), line__isnull=True),
                name="effective_application_is_in_the_ledger",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "nominated", "withdrawn"])
                | Q(submitted_at__isnull=False, frozen__isnull=False) & ~Q(frozen_digest=""),
                name="handed_in_application_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SETTLED], closed_at__isnull=False)
                | Q(state__in=[s.value for s in UNSETTLED], closed_at__isnull=True),
                name="settled_application_is_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "halted"]) | ~Q(reason=""), name="ended_application_says_why"
            ),
            models.CheckConstraint(condition=~Q(from_tier=F("to_tier")), name="application_leads_on"),
            models.CheckConstraint(condition=~Q(kind="skip") | ~Q(merit=""), name="skip_names_its_merit"),
            models.UniqueConstraint(
                fields=["employee"],
                condition=Q(state__in=[s.value for s in UNSETTLED]),
                name="one_unsettled_application_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["step", "due_on"], condition=Q(state="open"), name="application_at_step"),
            models.Index(fields=["effective_on"], condition=Q(step=EFFECT), name="application_takes_effect"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.from_tier} → {self.to_tier}"

    @property
    def number(self) -> str:
        """As it is cited: ``A-00042``."""
        return f"A-{self.pk:05}"

    @property
    def own_person_hands_in(self) -> bool:
        """Whether the person files it; an exam's confirmation and a skip-level promotion they do not."""
        return self.kind in (ApplicationKind.APPLIED, ApplicationKind.NOMINATED)


class Act(models.TextChoices):
    """What may be done with an application; the timeline tells them in order."""

    OPENED = "opened", _("opened")
    NOMINATED = "nominated", _("nominated")
    ACCEPTED = "accepted", _("nomination accepted")
    SUBMITTED = "submitted", _("handed in")
    OPINED = "opined", _("opinion given")
    REVIEWED = "reviewed", _("reviewed")
    RETURNED = "returned", _("returned for completion")
    CONFIRMED = "confirmed", _("exam confirmed")
    ARRANGED = "arranged", _("put into a round")
    UNSEATED = "unseated", _("taken out of a round")
    PASSED = "passed", _("passed by the panel")
    APPROVED = "approved", _("approved")
    POSTED = "posted", _("posted")
    CLEARED = "cleared", _("notice ended")
    UPHELD = "upheld", _("objection upheld, decided anew")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DECLINED = "declined", _("declined")
    HALTED = "halted", _("halted")
    EFFECTIVE = "effective", _("in the ledger")
    HINDERED = "hindered", _("could not take effect")


class ApplicationEvent(models.Model):
    """One act on an application, in order. Append-only. ``key`` makes a repeated act one act. ``public`` words are the person's
    to read; the others are for whoever decides.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("act"), max_length=10, choices=Act)
    step = models.CharField(_("step"), max_length=20, blank=True, default="")
    attempt = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(Account, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("as"), max_length=20, blank=True, default="")
    at = models.DateTimeField(_("at"), db_default=Now())
    words = models.TextField(_("words"), blank=True, default="")
    public = models.BooleanField(default=True)
    data = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  none where nobody repeats it
    #: Whose role it was, where somebody stood in; filled in by whoever shows the act.
    on_behalf_of = ""

    class Meta:
        verbose_name = _("act on an application")
        verbose_name_plural = _("acts on applications")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="application_act_known")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.act}"

    @property
    def signed(self) -> str:
        """Who did it, both names where somebody stood in; empty where it came about by itself."""
        return both_names(self.by, self.on_behalf_of)


class Attestation(models.Model):
    """A clause that a person judges: met or unmet, with a reason, once for each hand-in."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attestations")
    clause = models.CharField(_("clause"), max_length=60)
    attempt = models.PositiveSmallIntegerField()
    role = models.CharField(_("as"), max_length=20)
    met = models.BooleanField(_("met"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(Account, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "attempt", "clause"], name="one_attestation_a_clause_and_hand_in"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="attestation_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.clause}"


class AppealState(models.TextChoices):
    OPEN = "open", pgettext_lazy("appeal", "open")
    UPHELD = "upheld", pgettext_lazy("appeal", "upheld")
    DISMISSED = "dismissed", pgettext_lazy("appeal", "dismissed")


class Appeal(models.Model):
    """What the person says against a decline, once for each: decided by somebody who neither took nor advised it, and whom HR
    names in ``decider`` where the general manager did. Upheld, the application goes back to ``step``, where it was declined.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    attempt = models.PositiveSmallIntegerField()
    step = models.CharField(_("step"), max_length=20)
    text = models.TextField(_("grounds"))
    raised_at = models.DateTimeField(_("raised"), db_default=Now())
    due_on = models.DateField(_("due on"))
    decider = models.ForeignKey(
        Account, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    named_by = models.ForeignKey(
        Account, verbose_name=_("named by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=AppealState, default=AppealState.OPEN)
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_by = models.ForeignKey(
        Account, verbose_name=_("answered by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="appeal_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_why"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(Q(answered_at__isnull=False, answered_by__isnull=False), ~Q(answer="")),
                name="settled_appeal_is_answered",
            ),
            models.UniqueConstraint(fields=["application", "attempt"], name="one_appeal_a_decline"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.state}"


class ApplicationFile(models.Model):
    """A file beside an application: added while it is a draft or returned, or to the merit of a skip-level promotion."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(_("removed"), null=True)

    class Meta:
        verbose_name = _("file of an application")
        verbose_name_plural = _("files of applications")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.attachment_id}"
