"""Applicants, owners and staff are told what was decided about them. Names in letters are the merchant's, never a
person's reason or number."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.identity.access import at_the_gate
from portal.domain.messages.actions import notify, text_to_phone
from portal.domain.onboarding.events import (
    ApplicationApproved,
    ApplicationRefused,
    ApplicationSubmitted,
    InformationAsked,
    ProfileChangeDecided,
)
from portal.domain.tenants.events import (
    InvitationAccepted,
    InvitationDeclined,
    MerchantClosed,
    MerchantReinstated,
    MerchantSuspended,
    StaffChanged,
    StaffInvited,
    StaffRemoved,
)
from portal.domain.tenants.values import Kind
from portal.kernel.words import say
from portal.kernel.work import Work

INVITATIONS = "/invitations"
OFFICES = {Kind.SUPPLIER: "supplier", Kind.BRAND: "chain", Kind.ALLIANCE: "alliance", Kind.REGION: "region"}


def tell_received(work: Work, event: ApplicationSubmitted) -> None:
    """The application has arrived."""
    text = say("“%(name)s”的入驻申请已收到，进度随时可查。", name=event.name)
    notify(work, person_id=event.person_id, kind="progress.submitted", text=text, link=_application(event))


def tell_asked(work: Work, event: InformationAsked) -> None:
    """The reviewer asks for more."""
    text = say("“%(name)s”的入驻申请需要补充资料，请按提示修改后再次提交。", name=event.name)
    notify(work, person_id=event.person_id, kind="application.asked", text=text, link=_application(event))


def tell_approved(work: Work, event: ApplicationApproved) -> None:
    """Let in: the way to the new office."""
    text = say("“%(name)s”入驻成功，后台已经开通。", name=event.name)
    link = f"/{OFFICES[event.kind]}/{event.merchant_id}"
    notify(work, person_id=event.person_id, kind="application.approved", text=text, link=link)


def tell_refused(work: Work, event: ApplicationRefused) -> None:
    """Refused; the reason stands on the application's page."""
    text = say("“%(name)s”的入驻申请被驳回，原因见申请页。", name=event.name)
    notify(work, person_id=event.person_id, kind="application.refused", text=text, link=_application(event))


def _application(event: ApplicationSubmitted | InformationAsked | ApplicationRefused) -> str:
    return f"/apply/{event.application_id}"


def tell_change(work: Work, event: ProfileChangeDecided) -> None:
    """The owner's change of vital data was decided."""
    text = (
        say("商家资料变更已通过，新资料现在生效。") if event.approved else say("商家资料变更被驳回，旧资料继续有效。")
    )
    notify(work, person_id=event.proposed_by, kind="application.change", text=text)


def invite(work: Work, event: StaffInvited) -> None:
    """A letter for who is registered; a text for a phone nobody has registered yet."""
    text = say("%(merchant)s 邀请您加入，请登录街市，在“邀请”里查看。", merchant=event.merchant_name)
    if event.person_id is not None:
        notify(work, person_id=event.person_id, kind="staff.invited", text=text, link=INVITATIONS)
        return
    with at_the_gate(work):
        expires_at = work.now() + timedelta(days=1)
        text_to_phone(work, phone=event.phone, kind="staff.invited", text=text, expires_at=expires_at)


def tell_joined(work: Work, event: InvitationAccepted) -> None:
    """The inviter hears that somebody has come."""
    text = say("%(name)s 接受邀请，加入了 %(merchant)s。", name=event.name, merchant=event.merchant_name)
    notify(work, person_id=event.invited_by, kind="team.joined", text=text)


def tell_declined(work: Work, event: InvitationDeclined) -> None:
    """The inviter hears that somebody will not come."""
    notify(work, person_id=event.invited_by, kind="team.declined", text=say("%(name)s 谢绝了邀请。", name=event.name))


def tell_changed(work: Work, event: StaffChanged) -> None:
    """Another role or other stores."""
    text = say("您在 %(merchant)s 的角色或门店有调整。", merchant=event.merchant_name)
    notify(work, person_id=event.person_id, kind="team.changed", text=text)


def tell_removed(work: Work, event: StaffRemoved) -> None:
    """No longer on the staff."""
    text = say("您已不再是 %(merchant)s 的员工。", merchant=event.merchant_name)
    notify(work, person_id=event.person_id, kind="staff.removed", text=text)


def tell_suspended(work: Work, event: MerchantSuspended) -> None:
    """The owners hear why."""
    text = say("%(merchant)s 已被平台暂停：%(reason)s", merchant=event.name, reason=event.reason)
    for person_id in event.staff_ids:
        notify(work, person_id=person_id, kind="staff.suspended", text=text)


def tell_reinstated(work: Work, event: MerchantReinstated) -> None:
    """The owners hear that everything opens again."""
    text = say("%(merchant)s 已恢复营业，后台和门店重新开放。", merchant=event.name)
    for person_id in event.staff_ids:
        notify(work, person_id=person_id, kind="staff.reinstated", text=text)


def tell_closed(work: Work, event: MerchantClosed) -> None:
    """The owners hear that it is over."""
    text = say("%(merchant)s 已关闭：%(reason)s", merchant=event.name, reason=event.reason)
    for person_id in event.staff_ids:
        notify(work, person_id=person_id, kind="staff.closed", text=text)


REACTIONS = (
    (ApplicationSubmitted, tell_received),
    (InformationAsked, tell_asked),
    (ApplicationApproved, tell_approved),
    (ApplicationRefused, tell_refused),
    (ProfileChangeDecided, tell_change),
    (StaffInvited, invite),
    (InvitationAccepted, tell_joined),
    (InvitationDeclined, tell_declined),
    (StaffChanged, tell_changed),
    (StaffRemoved, tell_removed),
    (MerchantSuspended, tell_suspended),
    (MerchantReinstated, tell_reinstated),
    (MerchantClosed, tell_closed),
)
