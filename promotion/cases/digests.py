"""What was written in a case keeps a salted digest, so that a change shows and an erasure is told apart from one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from promotion.cases.models import ProceedingAct

#: What stands where words were blanked out.
ERASED = "***"


def digest_of(salt: str, act: str, words: str, data: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the salt and the JSON of act, words and data, with its keys in order."""
    said = json.dumps([act, words, data], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}{said}".encode()).hexdigest()


def is_erased(act: ProceedingAct) -> bool:
    return act.words == ERASED and act.data == {}


def is_as_written(act: ProceedingAct) -> bool:
    """Whether the words and data are those that were written; of what was erased nobody can say."""
    return digest_of(act.salt, act.act, act.words, act.data) == act.digest
