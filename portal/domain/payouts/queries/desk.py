"""What somebody who wants money needs to know: the rules in force, the account, what there is, what is owed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.ledger.access import access_balance
from portal.domain.ledger.queries import balance
from portal.domain.onboarding.models import ProfileRow
from portal.domain.onboarding.queries import profiles
from portal.domain.payouts import errors, rules, transfers
from portal.domain.payouts.models import WithdrawalRow
from portal.domain.payouts.values import BankAccount, Desk, Quote, Terms, WithdrawalState
from portal.domain.reference import queries as reference
from portal.domain.reference import values as parameters
from portal.domain.tenants.models import Membership
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import Text, say
from portal.kernel.work import Work

UNCOUNTED = (WithdrawalState.WITHDRAWN.value, WithdrawalState.REFUSED.value)
RULES = (
    *(parameters.WITHDRAWAL_LEAST, parameters.WITHDRAWAL_FEE_FIXED, parameters.WITHDRAWAL_FEE_RATE),
    *(parameters.WITHDRAWAL_FEE_MOST, parameters.WITHDRAWALS_A_DAY, parameters.NEW_ACCOUNT_HOURS),
    parameters.SECOND_APPROVER_FROM,
)


def terms(work: Work) -> Terms:
    """The rules in force now."""
    found = reference.values_of(work, *RULES)
    return Terms(*(found[parameter.name] for parameter in RULES))


def account_of(work: Work) -> BankAccount | None:
    """Where the merchant of this office is paid, None when nothing was filed."""
    since = account_since(work, work.merchant_id)
    if since is None:
        return None
    asked = select(ProfileRow.bank_holder, ProfileRow.bank_name, ProfileRow.bank_last4)
    row = work.session.execute(asked.where(ProfileRow.merchant_id == work.merchant_id)).one()
    return BankAccount(row.bank_holder, row.bank_name, row.bank_last4, since)


def account_since(work: Work, merchant_id: UUID) -> datetime | None:
    """Since when the merchant is paid to this account."""
    return profiles.account_since(work, merchant_id)


def staff_name(work: Work) -> str:
    """What the acting member of staff is called in his office."""
    mine = (Membership.id == work.actor.membership_id, Membership.merchant_id == work.merchant_id)
    return work.session.scalar(select(Membership.name).where(*mine)) or ""


def asked_since(work: Work, merchant_id: UUID) -> int:
    """How often the merchant has asked since midnight (Shanghai); what he took back or was refused does not count."""
    midnight = work.now().astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = (WithdrawalRow.merchant_id == merchant_id, WithdrawalRow.asked_at >= midnight)
    asked = select(func.count()).select_from(WithdrawalRow)
    return int(work.session.scalar(asked.where(*mine, WithdrawalRow.state.not_in(UNCOUNTED))) or 0)


def desk(work: Work) -> Desk:
    """Everything about a withdrawal now, with the reason why none can be asked for, if there is one."""
    work.require(Permission.FUNDS_VIEW)
    in_force, account, merchant_id = terms(work), account_of(work), work.merchant_id
    there, owed = access_balance(work, transfers.available(merchant_id)), -balance(work, transfers.owed(merchant_id))
    today = asked_since(work, merchant_id)
    until = rules.held_until(account.since, in_force.hold_hours) if account else None
    held = until if until is not None and until > work.now() else None
    problem = _problem(in_force, account, held, today)
    found = Desk(in_force, account, there, max(0, owed), today, problem, held)
    if problem is None and found.most_fen < max(in_force.least_fen, 1):
        words: Text = say("可提现余额还不到最少提现金额。")
        return Desk(in_force, account, there, max(0, owed), today, words, held)
    return found


def _problem(in_force: Terms, account: BankAccount | None, held: datetime | None, today: int) -> Text | None:
    if account is None:
        return errors.NO_ACCOUNT
    if held is not None:
        return errors.held_until(held)
    if today >= in_force.a_day:
        return errors.EnoughToday(in_force.a_day).sentence
    return None


def quote(known: Desk, amount_fen: int) -> Quote:
    """What it would be. Refuses below the minimum, and more than there is."""
    fee = rules.checked_fee(amount_fen, known.terms)
    if amount_fen > known.most_fen:
        raise errors.NotThatMuch(known.most_fen)
    if known.problem is not None:
        raise Refusal(known.problem)
    return Quote(amount_fen, fee, min(known.owed_fen, known.available_fen), known.available_fen)
