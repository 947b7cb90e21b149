"""Proving once more who one is, for an act that moves money; the sign-in stays as it is."""

from __future__ import annotations

from portal.domain.identity.access import access_credential, at_the_gate
from portal.domain.identity.actions.factors import accept
from portal.domain.identity.rules import passwords
from portal.kernel.refusals import Refusal
from portal.kernel.sealing import Seal
from portal.kernel.words import say
from portal.kernel.work import Work

FIELD = "proof"


def prove_again(work: Work, *, seal: Seal, typed: str) -> None:
    """Digits of the authenticator, each once; who has none says his password. Refuses everything else."""
    with at_the_gate(work):
        credential = access_credential(work, lock=True)
        if credential.totp_confirmed_at is not None:
            accept(work, seal, credential, typed, field=FIELD)
        elif credential.password_hash is None:
            raise Refusal(say("请先在“我的账号”里设置登录密码或二次验证，再来操作资金。"), field=FIELD)
        elif not passwords.matches(credential.password_hash, typed):
            raise Refusal(say("登录密码不对。"), field=FIELD)
