"""What vouchers do about persons: the masked name that a counter reads follows its holder."""

from __future__ import annotations

from sqlalchemy import update

from portal.domain.identity.events import Renamed
from portal.domain.identity.rules.names import masked_name
from portal.domain.vouchers.models import Voucher
from portal.kernel.work import Work


def rename_holder(work: Work, event: Renamed) -> None:
    """The new name on the person's vouchers; receipts keep what they said."""
    work.session.execute(
        update(Voucher).where(Voucher.holder_id == event.person_id).values(holder=masked_name(event.name)),
        execution_options={"synchronize_session": False},
    )


REACTIONS = ((Renamed, rename_holder),)
