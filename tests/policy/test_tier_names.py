"""The tiers that records may name."""

from __future__ import annotations

import pytest

from policy import catalogue, library
from policy.tier_names import tier_names


@pytest.mark.django_db
def test_a_document_that_lacked_a_metric_names_its_tiers_once_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    text = library.text("info-service") + "\n# read for the first time\n"
    monkeypatch.setattr(library, "policy_keys", lambda: ["info-service"])
    monkeypatch.setattr(library, "text", lambda key: text)
    with monkeypatch.context() as before:
        before.setattr(catalogue, "current", lambda: catalogue.Catalogue.of([]))
        assert tier_names() == []
    assert {name.ladder for name in tier_names()} == {"info-service"}
