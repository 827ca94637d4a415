"""The app's tables, each in the room of its subject."""

from promotion.ledger.models import LedgerHead, LedgerKind, LedgerLine, LedgerNote, TierPeriod
from promotion.sweep.models import Run, RunShard, RunState, Standing, Statement

__all__ = [
    "LedgerHead",
    "LedgerKind",
    "LedgerLine",
    "LedgerNote",
    "Run",
    "RunShard",
    "RunState",
    "Standing",
    "Statement",
    "TierPeriod",
]
