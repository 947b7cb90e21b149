"""What the house says when a merchant or an invitation has moved on."""

from __future__ import annotations

from portal.domain.tenants.values import InvitationState
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class LastOwner(Refusal):
    """A merchant without an owner could never be managed again."""

    def __init__(self) -> None:
        super().__init__(say("这是最后一位店主，不能移除或改成别的角色。请先邀请另一位店主。"), field="role")


class AlreadyOnStaff(Refusal):
    """One person has one membership per merchant."""

    def __init__(self) -> None:
        super().__init__(say("这个手机号已经是在职员工，可以直接改角色和门店。"), field="phone")


class AlreadyInvited(Refusal):
    """The same phone is asked once at a time."""

    def __init__(self) -> None:
        super().__init__(say("已经邀请过这个手机号，对方还没有回复。要改角色请先撤回邀请。"), field="phone")


class InvitationClosed(Conflict):
    """The invitation can no longer be answered, and this is why."""

    SENTENCES = {
        InvitationState.ACCEPTED: say("这份邀请已经接受过了。"),
        InvitationState.DECLINED: say("这份邀请已经谢绝了。要加入请让对方重新邀请。"),
        InvitationState.REVOKED: say("这份邀请已被撤回。要加入请联系店主。"),
        InvitationState.EXPIRED: say("这份邀请已经过期。要加入请让店主重新邀请。"),
    }

    def __init__(self, state: InvitationState) -> None:
        super().__init__(self.SENTENCES[state])
