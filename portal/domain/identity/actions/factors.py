"""The second factor: set up with an authenticator, asked for after signing in, recovered with a word of eight."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from portal.domain.identity.access import access_credential, at_the_gate
from portal.domain.identity.actions import signing
from portal.domain.identity.errors import FactorAlreadySet, WrongFactor
from portal.domain.identity.events import SecondFactorReset, SecondFactorSet
from portal.domain.identity.models import Credential, RecoveryCode
from portal.domain.identity.rules import codes, factors
from portal.domain.identity.values import DEMO_TOTP_SECRET, RECOVERY_CODES, Browser
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.sealing import Seal
from portal.kernel.work import Work


def start_setup(work: Work, seal: Seal) -> None:
    """Make a secret for the authenticator. Refuses when the factor is set up already."""
    work.require(Permission.PROFILE_EDIT)
    with at_the_gate(work):
        credential = access_credential(work, lock=True)
        if credential.totp_confirmed_at is not None:
            raise FactorAlreadySet
        if credential.totp_secret is None or _opened(seal, credential) is None:
            credential.totp_secret = seal.close(factors.new_secret(), bound_to=str(work.person_id))


def confirm_setup(work: Work, secret: str, *, seal: Seal, typed: str, browser: Browser, sign_in_id: UUID) -> list[str]:
    """The authenticator shows the right digits: the factor is on. Returns the recovery codes, for the only time.

    The browser gets a new sign-in that carries the factor; the old one ends. Refuses wrong digits.
    """
    work.require(Permission.PROFILE_EDIT)
    with at_the_gate(work):
        credential = access_credential(work, lock=True)
        if credential.totp_confirmed_at is not None:
            raise FactorAlreadySet
        accept(work, seal, credential, typed)
        credential.totp_confirmed_at = work.now()
    fresh = _new_recovery_codes(work, secret)
    work.audit("second_factor.set", "person", work.person_id)
    work.publish(SecondFactorSet(work.person_id))
    _rise(work, browser, sign_in_id, way="second_factor")
    return fresh


def prove(work: Work, secret: str, *, seal: Seal, typed: str, browser: Browser, sign_in_id: UUID) -> None:
    """Show the second factor: digits of the authenticator, each once, or a recovery code, each once.

    The browser gets a new sign-in that carries the factor; the old one ends. Refuses everything else.
    """
    work.require(Permission.PROFILE_EDIT)
    digits = codes.typed_digits(typed)
    if len(digits) == 6 and digits.isdigit():
        _show(work, seal, typed)
        _rise(work, browser, sign_in_id, way="second_factor")
    else:
        _show(work, seal, None)
        _use_recovery_code(work, secret, typed)
        _rise(work, browser, sign_in_id, way="recovery_code")


def renew_recovery_codes(work: Work, secret: str, *, seal: Seal, typed: str) -> list[str]:
    """Eight new recovery codes, the old ones are void. Needs digits of the authenticator."""
    work.require(Permission.PROFILE_EDIT)
    _show(work, seal, typed)
    work.audit("recovery_codes.renewed", "person", work.person_id)
    return _new_recovery_codes(work, secret)


def reset_for(work: Work, person_id: UUID) -> None:
    """Take away a person's second factor, who lost it: he sets it up anew. His browsers that carry it lose it by
    ending at the caller's hand. Audited.
    """
    work.require(Permission.FACTOR_RESET)
    with at_the_gate(work):
        credential = work.session.get(Credential, person_id, with_for_update=True)
        if credential is None:
            raise NotFound
        credential.totp_secret = credential.totp_confirmed_at = credential.totp_last_step = None
        work.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    work.audit("second_factor.reset", "person", person_id)
    work.publish(SecondFactorReset(person_id))


def set_up_demo(work: Work, seal: Seal, person_id: UUID) -> None:
    """Give a person of the demo town the authenticator whose digits the outbox page shows."""
    with at_the_gate(work):
        credential = work.session.get(Credential, person_id) or Credential(person_id=person_id)
        credential.totp_secret = seal.close(DEMO_TOTP_SECRET, bound_to=str(person_id))
        credential.totp_confirmed_at = work.now()
        work.session.add(credential)
        work.session.flush()


def seal_again(work: Work, seal: Seal) -> int:
    """Close with the present key what lies open or was closed with a former one; returns how many. For the worker.

    What no key opens stays as it is: its owner has it reset.
    """
    done = 0
    with at_the_gate(work):
        stale = Credential.totp_secret.not_like(f"{seal.mark}%")
        for row in work.session.scalars(select(Credential).where(stale).with_for_update(skip_locked=True)):
            secret = _opened(seal, row)
            if secret is not None:
                row.totp_secret = seal.close(secret, bound_to=str(row.person_id))
                done += 1
    return done


def _show(work: Work, seal: Seal, typed: str | None) -> None:
    """Use digits of the authenticator, which only the gate can tick off; None only asks whether there is one."""
    with at_the_gate(work):
        credential = access_credential(work, lock=True)
        if credential.totp_confirmed_at is None:
            raise WrongFactor
        if typed is not None:
            accept(work, seal, credential, typed)


def accept(work: Work, seal: Seal, credential: Credential, typed: str, *, field: str = "factor") -> None:
    """Tick off digits of the authenticator, each once. Refuses all others, at the `field` they were typed into."""
    digits = codes.typed_digits(typed)
    secret, last = _opened(seal, credential), credential.totp_last_step
    step = factors.accepted_step(secret, digits, work.now(), last) if secret else None
    if step is None:
        raise WrongFactor(field)
    credential.totp_last_step = step


def _opened(seal: Seal, credential: Credential) -> str | None:
    """The authenticator's secret; None when there is none, or the key to it is lost."""
    kept = credential.totp_secret
    return None if kept is None else seal.open(kept, bound_to=str(credential.person_id))


def _rise(work: Work, browser: Browser, sign_in_id: UUID, *, way: str) -> None:
    signing.end_one(work, sign_in_id)
    signing.begin(work, work.person_id, browser, way=way, second_factor=True)


def _new_recovery_codes(work: Work, secret: str) -> list[str]:
    person_id = work.person_id
    fresh = [codes.new_recovery_code() for _ in range(RECOVERY_CODES)]
    with at_the_gate(work):
        work.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
        for code in fresh:
            work.session.add(RecoveryCode(person_id=person_id, digest=_recovery_digest(secret, person_id, code)))
    return fresh


def _use_recovery_code(work: Work, secret: str, typed: str) -> None:
    mark = _recovery_digest(secret, work.person_id, typed)
    mine = (RecoveryCode.person_id == work.person_id, RecoveryCode.digest == mark, RecoveryCode.used_at.is_(None))
    with at_the_gate(work):
        row = work.session.scalars(select(RecoveryCode).where(*mine).with_for_update()).one_or_none()
        if row is None:
            raise WrongFactor
        row.used_at = work.now()


def _recovery_digest(secret: str, person_id: UUID, code: str) -> bytes:
    return codes.digest(secret, "recovery", str(person_id), codes.typed_recovery_code(code))
