"""Sealed secrets: only the key and the owner open them; keys may be replaced."""

from __future__ import annotations

from portal.kernel.sealing import Seal

OLD, NEW = "old-" * 10, "new-" * 10


def test_only_the_key_and_the_owner_open_it() -> None:
    seal = Seal(NEW)
    kept = seal.close("JBSWY3DP", bound_to="her")
    assert kept.startswith(seal.mark)
    assert kept.startswith("v1.")
    assert "JBSWY3DP" not in kept
    assert kept != seal.close("JBSWY3DP", bound_to="her")
    assert seal.open(kept, bound_to="her") == "JBSWY3DP"
    assert seal.open(kept, bound_to="him") is None
    assert Seal(OLD).open(kept, bound_to="her") is None
    for spoilt in (kept[:-6] + "AAAAAA", "v1.x", "v1..", "v1.x.y", f"{seal.mark}", f"{seal.mark}*"):
        assert seal.open(spoilt, bound_to="her") is None


def test_a_former_key_opens_and_the_present_one_closes() -> None:
    before, seal = Seal(OLD), Seal(NEW, OLD)
    kept = before.close("JBSWY3DP", bound_to="her")
    assert seal.open(kept, bound_to="her") == "JBSWY3DP"
    assert seal.mark == Seal(NEW).mark != before.mark


def test_what_was_never_sealed_is_given_back() -> None:
    assert Seal(NEW).open("JBSWY3DP", bound_to="her") == "JBSWY3DP"
