"""The whole access policy on one screen: what can be done, and which role may do it.

Permissions are alphabetical, `thing_verb`. A role belongs to one kind of audience; an office decides which roles it
admits. The committed matrix `tests/architecture/matrix.txt` shows what this means for every route.
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One act. `ANYONE` marks pages without sign-in; a test lists them."""

    ANYONE = "anyone"

    ANNOUNCEMENT_EDIT = "announcement_edit"
    APPLICATION_APPLY = "application_apply"
    APPLICATION_REVIEW = "application_review"
    AUDIT_VIEW = "audit_view"
    BILL_ADJUST = "bill_adjust"
    BILL_TAKE = "bill_take"
    BOOKING_BOOK = "booking_book"
    BOOKING_EDIT = "booking_edit"
    BOOKING_VIEW = "booking_view"
    CALENDAR_EDIT = "calendar_edit"
    CALENDAR_VIEW = "calendar_view"
    CASE_ANSWER = "case_answer"
    CATEGORY_EDIT = "category_edit"
    CLIENT_EDIT = "client_edit"
    CLIENT_VIEW = "client_view"
    COMMISSION_EDIT = "commission_edit"
    COMMISSION_VIEW = "commission_view"
    COUPON_COLLECT = "coupon_collect"
    COUPON_EDIT = "coupon_edit"
    COUPON_VIEW = "coupon_view"
    FACTOR_RESET = "factor_reset"
    FLOOR_EDIT = "floor_edit"
    FLOOR_VIEW = "floor_view"
    FREIGHT_EDIT = "freight_edit"
    FUNDS_VIEW = "funds_view"
    INVITATION_ANSWER = "invitation_answer"
    KITCHEN_COOK = "kitchen_cook"
    KITCHEN_VIEW = "kitchen_view"
    LEDGER_VIEW = "ledger_view"
    LEGAL_EDIT = "legal_edit"
    LEGAL_VIEW = "legal_view"
    MENU_EDIT = "menu_edit"
    MENU_STOP = "menu_stop"
    MENU_VIEW = "menu_view"
    MERCHANT_SUSPEND = "merchant_suspend"
    MERCHANT_VIEW = "merchant_view"
    MONEY_EDIT = "money_edit"
    OFFICE_VIEW = "office_view"
    OPERATOR_EDIT = "operator_edit"
    ORDER_BUY = "order_buy"
    ORDER_OVERSEE = "order_oversee"
    ORDER_SHIP = "order_ship"
    ORDER_VIEW = "order_view"
    PARAMETER_EDIT = "parameter_edit"
    PASS_BUY = "pass_buy"  # noqa: S105  # 次卡, no secret
    PASS_EDIT = "pass_edit"  # noqa: S105  # 次卡, no secret
    PASS_VIEW = "pass_view"  # noqa: S105  # 次卡, no secret
    PAYMENT_EDIT = "payment_edit"
    PAYMENT_PAY = "payment_pay"
    PAYMENT_TELL = "payment_tell"
    PAYMENT_VIEW = "payment_view"
    PAYOUT_DECIDE = "payout_decide"
    PAYOUT_VIEW = "payout_view"
    PERSON_BLOCK = "person_block"
    PERSON_REVEAL = "person_reveal"
    PERSON_VIEW = "person_view"
    PLATFORM_VIEW = "platform_view"
    PRICE_EDIT = "price_edit"
    PRICE_VIEW = "price_view"
    PRINTER_EDIT = "printer_edit"
    PRODUCT_EDIT = "product_edit"
    PRODUCT_REVIEW = "product_review"
    PRODUCT_VIEW = "product_view"
    PROFILE_EDIT = "profile_edit"
    QUEUE_CALL = "queue_call"
    QUEUE_TAKE = "queue_take"
    REDEMPTION_EXPORT = "redemption_export"
    REDEMPTION_UNDO = "redemption_undo"
    REFERRAL_JUDGE = "referral_judge"
    SANDBOX_EDIT = "sandbox_edit"
    SERVICE_EDIT = "service_edit"
    STAFF_EDIT = "staff_edit"
    STAFF_VIEW = "staff_view"
    STATEMENT_ANSWER = "statement_answer"
    STATEMENT_VIEW = "statement_view"
    STOCK_EDIT = "stock_edit"
    STORE_EDIT = "store_edit"
    STORE_VIEW = "store_view"
    TABLE_BOOK = "table_book"
    TAB_ORDER = "tab_order"
    TAB_SERVE = "tab_serve"
    VOUCHER_REDEEM = "voucher_redeem"
    VOUCHER_VIEW = "voucher_view"
    WITHDRAWAL_ASK = "withdrawal_ask"


ANYONE = Permission.ANYONE


class Role(StrEnum):
    """What somebody is, for one audience."""

    CONSUMER = "consumer"  # every person who is signed in

    OWNER = "owner"
    MANAGER = "manager"
    FINANCE = "finance"
    CLERK = "clerk"
    KITCHEN = "kitchen"
    TECHNICIAN = "technician"
    SHIPPER = "shipper"

    PLATFORM_OWNER = "platform_owner"
    PLATFORM_REVIEWER = "platform_reviewer"
    PLATFORM_SUPPORT = "platform_support"
    PLATFORM_FINANCE = "platform_finance"

    GUEST = "guest"  # somebody at a table, with or without an account
    PROVIDER = "provider"  # a payment provider that calls us, no person


P = Permission
_STAFF = frozenset({P.OFFICE_VIEW})
_COUNTER = frozenset({P.REDEMPTION_UNDO, P.VOUCHER_REDEEM})
_MANAGE = (
    _STAFF | _COUNTER | {P.COUPON_EDIT, P.COUPON_VIEW, P.REDEMPTION_EXPORT, P.STAFF_VIEW, P.STORE_EDIT, P.STORE_VIEW}
)
_GOODS = frozenset({P.FREIGHT_EDIT, P.PRODUCT_EDIT, P.PRODUCT_VIEW, P.STOCK_EDIT})
_SHIP = frozenset({P.ORDER_SHIP, P.ORDER_VIEW})
_SELL = _GOODS | _SHIP | {P.CASE_ANSWER}
_MONEY = frozenset({P.FUNDS_VIEW, P.STATEMENT_ANSWER, P.STATEMENT_VIEW, P.WITHDRAWAL_ASK})
_DESK = frozenset({P.BOOKING_EDIT, P.BOOKING_VIEW, P.CALENDAR_VIEW, P.CLIENT_VIEW, P.PASS_VIEW, P.QUEUE_CALL})
_TABLES = frozenset({P.BILL_TAKE, P.FLOOR_VIEW, P.MENU_STOP, P.MENU_VIEW, P.TAB_ORDER, P.TAB_SERVE})
_KITCHEN = frozenset({P.KITCHEN_COOK, P.KITCHEN_VIEW, P.MENU_STOP, P.MENU_VIEW})
_HOUSE = (
    _DESK
    | _TABLES
    | _KITCHEN
    | {P.BILL_ADJUST, P.CALENDAR_EDIT, P.CLIENT_EDIT, P.COMMISSION_EDIT, P.COMMISSION_VIEW, P.FLOOR_EDIT}
    | {P.MENU_EDIT, P.PASS_EDIT, P.PRINTER_EDIT, P.SERVICE_EDIT}
)
_OVERSEE = frozenset({P.MERCHANT_VIEW, P.PLATFORM_VIEW})

ROLES: dict[Role, frozenset[Permission]] = {
    Role.CONSUMER: frozenset(
        {
            P.APPLICATION_APPLY,
            P.BOOKING_BOOK,
            P.COUPON_COLLECT,
            P.INVITATION_ANSWER,
            P.ORDER_BUY,
            P.PASS_BUY,
            P.PAYMENT_PAY,
            P.PROFILE_EDIT,
            P.QUEUE_TAKE,
            P.TABLE_BOOK,
            P.VOUCHER_VIEW,
        }
    ),
    Role.OWNER: _MANAGE | _SELL | _HOUSE | _MONEY | {P.AUDIT_VIEW, P.LEGAL_EDIT, P.LEGAL_VIEW, P.STAFF_EDIT},
    Role.MANAGER: _MANAGE | _SELL | _HOUSE,
    Role.FINANCE: _STAFF
    | _MONEY
    | {P.COMMISSION_VIEW, P.PASS_VIEW}
    | {P.COUPON_VIEW, P.LEGAL_VIEW, P.ORDER_VIEW, P.PRODUCT_VIEW, P.REDEMPTION_EXPORT, P.STORE_VIEW},
    Role.CLERK: _STAFF | _COUNTER | _DESK | _TABLES | {P.KITCHEN_VIEW},
    Role.KITCHEN: _STAFF | _KITCHEN,
    Role.TECHNICIAN: _STAFF | {P.BOOKING_VIEW, P.CALENDAR_VIEW, P.CLIENT_EDIT, P.CLIENT_VIEW},
    Role.SHIPPER: _STAFF | _SHIP | {P.PRODUCT_VIEW, P.STOCK_EDIT},
    Role.PLATFORM_OWNER: _OVERSEE
    | {
        P.ANNOUNCEMENT_EDIT,
        P.APPLICATION_REVIEW,
        P.AUDIT_VIEW,
        P.CATEGORY_EDIT,
        P.FACTOR_RESET,
        P.LEDGER_VIEW,
        P.MERCHANT_SUSPEND,
        P.MONEY_EDIT,
        P.OPERATOR_EDIT,
        P.ORDER_OVERSEE,
        P.PARAMETER_EDIT,
        P.PAYMENT_EDIT,
        P.PAYMENT_VIEW,
        P.PAYOUT_DECIDE,
        P.PAYOUT_VIEW,
        P.PERSON_BLOCK,
        P.PERSON_REVEAL,
        P.PERSON_VIEW,
        P.PRICE_EDIT,
        P.PRICE_VIEW,
        P.PRODUCT_REVIEW,
        P.REFERRAL_JUDGE,
        P.SANDBOX_EDIT,
        P.STATEMENT_ANSWER,
        P.STATEMENT_VIEW,
    },
    Role.PLATFORM_REVIEWER: _OVERSEE | {P.APPLICATION_REVIEW, P.PRICE_VIEW, P.PRODUCT_REVIEW},
    Role.PLATFORM_SUPPORT: _OVERSEE
    | {P.ORDER_OVERSEE, P.PERSON_BLOCK, P.PERSON_REVEAL, P.PERSON_VIEW, P.REFERRAL_JUDGE},
    Role.PLATFORM_FINANCE: _OVERSEE
    | {
        P.AUDIT_VIEW,
        P.LEDGER_VIEW,
        P.MONEY_EDIT,
        P.ORDER_OVERSEE,
        P.PAYMENT_EDIT,
        P.PAYMENT_VIEW,
        P.PAYOUT_DECIDE,
        P.PAYOUT_VIEW,
        P.PRICE_EDIT,
        P.PRICE_VIEW,
        P.SANDBOX_EDIT,
        P.STATEMENT_ANSWER,
        P.STATEMENT_VIEW,
    },
    Role.GUEST: frozenset({P.TAB_ORDER}),
    Role.PROVIDER: frozenset({P.PAYMENT_TELL}),
}

SECOND_FACTOR = frozenset(
    {Role.FINANCE, Role.PLATFORM_OWNER, Role.PLATFORM_REVIEWER, Role.PLATFORM_SUPPORT, Role.PLATFORM_FINANCE}
)
"""Roles that enter only after a second factor."""
