"""Checked policies → set-based SQL, verdicts in three values, sentences, explanations."""

from policy.compiler.evidence import EvidenceStatement, evidence
from policy.compiler.label import asked, label
from policy.compiler.month import MonthStatement, compile_month
from policy.compiler.outcome import Evidence, Explanation, Finding, Outcome, ReadingUse, SweepRow, Verdict
from policy.compiler.pay import PayStatement, compile_pay
from policy.compiler.period import PeriodStatement, compile_period
from policy.compiler.say import pay_sentence, rule_sentence, sentence
from policy.compiler.sql import Relation
from policy.compiler.sweep import ProcessValue, SweepStatement, compile_sweep
from policy.compiler.trace import explain, findings, trace

__all__ = [
    "Evidence", "EvidenceStatement", "Explanation", "Finding", "MonthStatement", "Outcome", "PayStatement",
    "PeriodStatement", "ProcessValue", "ReadingUse", "Relation", "SweepRow", "SweepStatement", "Verdict",
    "asked", "compile_month", "compile_pay", "compile_period", "compile_sweep", "evidence", "explain", "findings", "label",
    "pay_sentence", "rule_sentence", "sentence", "trace",
]  # fmt: skip
