"""The app's tables, each in the room of its subject."""

from promotion.applications.models import (
    Act,
    Appeal,
    AppealState,
    Application,
    ApplicationEvent,
    ApplicationFile,
    ApplicationKind,
    ApplicationState,
    Attestation,
)
from promotion.cases.models import Proceeding, ProceedingAct, ProtectionAnswer
from promotion.ledger.models import LedgerHead, LedgerKind, LedgerLine, LedgerNote, TierPeriod
from promotion.notices.models import Notice, NoticeEntry, NoticeState, Objection, ObjectionState
from promotion.panels.models import Candidate, Judge, Recusal, Round, RoundState, ScoreSheet, Stance
from promotion.shortlist.models import Shortlisted, Vacancy, VacancyState
from promotion.sweep.models import Run, RunShard, RunState, Standing, Statement

__all__ = [
    "Act",
    "Appeal",
    "AppealState",
    "Application",
    "ApplicationEvent",
    "ApplicationFile",
    "ApplicationKind",
    "ApplicationState",
    "Attestation",
    "Candidate",
    "Judge",
    "LedgerHead",
    "LedgerKind",
    "LedgerLine",
    "LedgerNote",
    "Notice",
    "NoticeEntry",
    "NoticeState",
    "Objection",
    "ObjectionState",
    "Proceeding",
    "ProceedingAct",
    "ProtectionAnswer",
    "Recusal",
    "Round",
    "RoundState",
    "Run",
    "RunShard",
    "RunState",
    "ScoreSheet",
    "Shortlisted",
    "Stance",
    "Standing",
    "Statement",
    "TierPeriod",
    "Vacancy",
    "VacancyState",
]
