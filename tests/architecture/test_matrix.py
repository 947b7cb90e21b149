"""The committed matrix says what the code says."""

from __future__ import annotations

import difflib

from portal.kernel.permissions import ROLES, Permission, Role
from tests.architecture.house import declared, tracked
from tests.architecture.matrix import FILE, matrix


def test_the_matrix_is_up_to_date() -> None:
    committed = FILE.read_text(encoding="utf-8")
    lines = difflib.unified_diff(committed.splitlines(), matrix().splitlines(), "committed", "code", "", "", 0, "")
    diff = "\n".join(lines)
    assert not diff, f"policy changed: look at it, then write it with `make matrix`\n{diff}"


def test_every_permission_guards_a_route_and_has_a_role() -> None:
    used = {one.route.may for one in declared()}
    sources = "".join(path.read_text("utf-8") for path in tracked("portal/domain/**/*.py", "portal/web/**/*.py"))
    held = frozenset().union(*ROLES.values())
    for permission in Permission:
        if permission is Permission.ANYONE:
            continue
        assert permission in held, f"{permission}: no role holds it"
        asked = permission in used or f"Permission.{permission.name}" in sources
        assert asked, f"{permission}: nothing asks for it"


def test_permissions_are_alphabetical() -> None:
    names = [permission.name for permission in Permission if permission is not Permission.ANYONE]
    assert names == sorted(names)


def test_the_matrix_has_every_role() -> None:
    text = matrix()
    assert all(role in Role for role in ROLES)
    assert len(text.splitlines()) > len(declared())
