"""What the merchant answers: agree, offer less, refuse; take back what was sent, or say why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.domain.aftersales import errors
from portal.domain.aftersales.access import Held, access_case, held_case
from portal.domain.aftersales.actions import steps
from portal.domain.aftersales.actions.evidence import attach, drawn
from portal.domain.aftersales.actions.paying import put_back
from portal.domain.aftersales.models import CaseEvent, ReturnAddress
from portal.domain.aftersales.queries.one import kept_address
from portal.domain.aftersales.values import MOST_AT_ONCE, MOST_WORDS, Address, CaseKind, CaseState, CaseStep
from portal.kernel import faults
from portal.kernel.lines import clean_line, clean_text
from portal.kernel.permissions import Permission
from portal.kernel.phones import normalise_phone
from portal.kernel.refusals import Refusal
from portal.kernel.storage import Storage
from portal.kernel.words import say
from portal.kernel.work import Work

ANSWER = Permission.CASE_ANSWER
NAME_MOST, DETAIL_MOST = 20, 120


def agree(work: Work, case_id: UUID, *, note: str = "", return_to: Address | None = None) -> None:
    """Yes: the money goes back, or of a return the goods come first, to `return_to` or the address that is kept.

    Refuses a return without an address.
    """
    work.require(ANSWER)
    note = clean_text(note, field="note", most=MOST_WORDS, required=False)
    with held_case(work, case_id, may=ANSWER) as held:
        faults.point(work, "aftersales.answer.checked")
        if held.case.state != CaseState.ASKED:
            raise errors.Moved
        event = agreed(work, held, CaseStep.AGREED, note=note, return_to=return_to)
        steps.tell(work, held.case, event)


def agreed(work: Work, held: Held, step: CaseStep, *, note: str = "", return_to: Address | None = None) -> CaseEvent:
    """The step after a yes, whoever said it. The case is held. Refuses a return without an address."""
    if held.case.kind != CaseKind.RETURN:
        return steps.move(work, held, CaseState.REFUNDING, step, note=note)
    address = return_to or kept_address(work, held.case.merchant_id)
    if address is None or not address.is_whole:
        raise errors.NoAddress
    case = held.case
    case.return_name, case.return_phone, case.return_detail = address.name, address.phone, address.detail
    return steps.move(work, held, CaseState.RETURNING, step, note=note)


def agree_many(work: Work, case_ids: Sequence[UUID]) -> int:
    """Yes to all of them that still wait for an answer; how many. Returns go to the address that is kept.

    All or none: refuses returns without an address.
    """
    work.require(ANSWER)
    if not case_ids or len(case_ids) > MOST_AT_ONCE:
        raise Refusal(say("请先勾选售后单，一次最多 %(most)s 张。", most=MOST_AT_ONCE))
    done = 0
    for case_id in sorted(set(case_ids)):
        if access_case(work, case_id, may=ANSWER).state != CaseState.ASKED:
            continue
        agree(work, case_id)
        done += 1
    return done


def offer(work: Work, case_id: UUID, *, amount_fen: int, note: str) -> None:
    """So much, and nothing is sent back. Refuses as much as was asked, and pieces that have not left: yes or no."""
    work.require(ANSWER)
    note = clean_text(note, field="note", most=MOST_WORDS)
    with held_case(work, case_id, may=ANSWER) as held:
        case = held.case
        if case.state != CaseState.ASKED or case.kind == CaseKind.UNSHIPPED:
            raise errors.Moved
        asked = case.goods_fen + case.freight_fen
        if not 0 < amount_fen < asked:
            raise errors.TooMuch(asked - 1)
        case.offer_fen = amount_fen
        event = steps.move(work, held, CaseState.OFFERED, CaseStep.OFFERED, note=note, amount_fen=amount_fen)
        steps.tell(work, case, event)


def refuse(work: Work, case_id: UUID, *, note: str, storage: Storage, pictures: Sequence[bytes] = ()) -> None:
    """No, because. What was blocked may leave."""
    work.require(ANSWER)
    note, evidence = clean_text(note, field="note", most=MOST_WORDS), drawn(pictures)
    with held_case(work, case_id, may=ANSWER) as held:
        if held.case.state != CaseState.ASKED:
            raise errors.Moved
        event = steps.move(work, held, CaseState.REFUSED, CaseStep.REFUSED, note=note)
        attach(work, storage, held.case, event, evidence)
        steps.tell(work, held.case, event)


def receive(work: Work, case_id: UUID, *, restock: Mapping[UUID, int], note: str = "") -> None:
    """The goods are back and as they should be: the money goes; so many pieces of each line return into stock.

    Refuses more pieces than came back.
    """
    work.require(ANSWER)
    note = clean_text(note, field="note", most=MOST_WORDS, required=False)
    with held_case(work, case_id, may=ANSWER) as held:
        if held.case.state != CaseState.SENT:
            raise errors.Moved
        event = received(work, held, CaseStep.RECEIVED, restock=restock, note=note)
        steps.tell(work, held.case, event)


def received(work: Work, held: Held, step: CaseStep, *, restock: Mapping[UUID, int], note: str = "") -> CaseEvent:
    """The same, whoever said it. The case is held."""
    back = {item.line_id: item for item in held.items}
    for line_id, count in restock.items():
        if line_id not in back or not 0 <= count <= back[line_id].pieces:
            raise errors.TooManyPieces(back[line_id].pieces if line_id in back else 0)
        back[line_id].restocked = count
    held.case.arrived_at = held.case.arrived_at or work.now()
    put_back(work, held, restock)
    return steps.move(work, held, CaseState.REFUNDING, step, note=note)


def refuse_goods(work: Work, case_id: UUID, *, note: str, storage: Storage, pictures: Sequence[bytes]) -> None:
    """The goods are back and not as they should be: why, and pictures of it. Refuses without either."""
    work.require(ANSWER)
    note, evidence = clean_text(note, field="note", most=MOST_WORDS), drawn(pictures)
    if not evidence:
        raise errors.NeedsPicture
    with held_case(work, case_id, may=ANSWER) as held:
        if held.case.state != CaseState.SENT:
            raise errors.Moved
        held.case.arrived_at = work.now()
        event = steps.move(work, held, CaseState.REFUSED, CaseStep.GOODS_REFUSED, note=note)
        attach(work, storage, held.case, event, evidence)
        steps.tell(work, held.case, event)


def keep_address(work: Work, *, name: str, phone: str, detail: str, demo: bool = False) -> Address:
    """Where returned goods go from now on; cases that were agreed keep theirs."""
    work.require(ANSWER)
    address = Address(
        clean_line(name, field="name", most=NAME_MOST),
        normalise_phone(phone, demo=demo, field="phone"),
        clean_line(detail, field="detail", most=DETAIL_MOST),
    )
    row = work.session.get(ReturnAddress, work.merchant_id) or ReturnAddress(merchant_id=work.merchant_id)
    row.name, row.phone, row.detail, row.changed_at = address.name, address.phone, address.detail, work.now()
    work.session.add(row)
    work.session.flush()
    work.audit("case.address_kept", "merchant", work.merchant_id)
    return address
