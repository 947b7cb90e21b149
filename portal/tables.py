"""Every table of the portal in one place, for migrations, the guard and the schema tests. Nothing else imports it."""

from __future__ import annotations

from portal.domain.aftersales import models as aftersales
from portal.domain.archive import models as archive
from portal.domain.bills import models as bills
from portal.domain.bookings import models as bookings
from portal.domain.calendar import models as calendar
from portal.domain.catalogue import models as catalogue
from portal.domain.clients import models as clients
from portal.domain.commissions import models as commissions
from portal.domain.earnings import models as earnings
from portal.domain.floor import models as floor
from portal.domain.freight import models as freight
from portal.domain.identity import models as identity
from portal.domain.imports import models as imports
from portal.domain.kitchen import models as kitchen
from portal.domain.ledger import models as ledger
from portal.domain.menus import models as menus
from portal.domain.messages import models as messages
from portal.domain.onboarding import models as onboarding
from portal.domain.ordering import models as ordering
from portal.domain.passes import models as passes
from portal.domain.payments import models as payments
from portal.domain.payouts import models as payouts
from portal.domain.reference import models as reference
from portal.domain.regions import models as regions
from portal.domain.sandbox import models as sandbox
from portal.domain.settlement import models as settlement
from portal.domain.shipping import models as shipping
from portal.domain.stores import models as stores
from portal.domain.tabs import models as tabs
from portal.domain.tenants import models as tenants
from portal.domain.turns import models as turns
from portal.domain.vouchers import models as vouchers
from portal.domain.waiting import models as waiting
from portal.kernel import audit, denials, idempotency, limits
from portal.kernel.database import Base

MODULES = (
    *(audit, denials, idempotency, limits, reference, ledger, identity),
    *(tenants, onboarding, regions, stores, calendar, catalogue, freight, payments, payouts, sandbox, vouchers),
    *(earnings, passes, bookings),
    *(turns, clients, commissions),
    *(floor, waiting, menus, tabs, bills, kitchen),
    *(ordering, settlement, aftersales, shipping, archive, imports, messages),
)
METADATA = Base.metadata
