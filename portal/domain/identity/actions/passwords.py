"""Setting and changing the password, after saying again who one is."""

from __future__ import annotations

from uuid import UUID

from portal.domain.identity.access import access_credential, access_me, at_the_gate
from portal.domain.identity.actions import codes, signing
from portal.domain.identity.errors import CodeSpent, NotCurrentPassword, ProofNeeded, WeakPassword
from portal.domain.identity.events import PasswordChanged
from portal.domain.identity.rules import passwords as rules
from portal.domain.identity.values import Purpose, Try
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def change(
    work: Work,
    secret: str,
    *,
    new_password: str,
    current_password: str = "",
    attempt: Try | None = None,
    typed: str = "",
    keep: UUID,
) -> None:
    """Set the password; every other browser is signed out, `keep` stays.

    Needs the current password or a code to the present phone. Refuses weak passwords.
    """
    work.require(Permission.PROFILE_EDIT)
    phone = access_me(work).phone or ""
    weak = rules.weakness(rules.tidy(new_password), phone)
    if weak:
        raise WeakPassword(weak)
    with at_the_gate(work):
        credential = access_credential(work, lock=True)
        if current_password and credential.password_hash is not None:
            if not rules.matches(credential.password_hash, current_password):
                raise NotCurrentPassword
        elif typed:
            if codes.use(work, secret, attempt, purpose=Purpose.PASSWORD, typed=typed) != phone:
                raise CodeSpent
        else:
            raise ProofNeeded
        credential.password_hash = rules.hashed(new_password)
    signing.end_all(work, but=keep)
    work.audit("password.changed", "person", work.person_id)
    work.publish(PasswordChanged(work.person_id))


def refuse_weak(password: str, phone: str) -> None:
    """Refuse what `change` would refuse; for the command line."""
    weak = rules.weakness(rules.tidy(password), phone)
    if weak:
        raise WeakPassword(weak)
