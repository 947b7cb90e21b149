"""The list of all offices; importing a feature's module registers its pages."""

from __future__ import annotations

from flask import Flask

from portal.web.alliance import alliance
from portal.web.callbacks import callbacks, notices
from portal.web.chain import chain
from portal.web.desks import calendar as calendar_desk
from portal.web.desks import commissions as commissions_desk
from portal.web.desks import coupons as coupons_desk
from portal.web.desks import floor as floor_desk
from portal.web.desks import front, funds, profile, staff, trail
from portal.web.desks import menus as menus_desk
from portal.web.desks import passes as passes_desk
from portal.web.desks import printers as printers_desk
from portal.web.desks import referrals as referrals_desk
from portal.web.desks import services as services_desk
from portal.web.desks import statements as statements_desk
from portal.web.desks import stores as stores_desk
from portal.web.desks import withdrawals as withdrawals_desk
from portal.web.office import Office, excuse_signed
from portal.web.platform import (
    announcements,
    categories,
    changes,
    operators,
    parameters,
    persons,
    platform,
    switchboard,
)
from portal.web.platform import applications as platform_applications
from portal.web.platform import brands as platform_brands
from portal.web.platform import cases as platform_cases
from portal.web.platform import goods as platform_goods
from portal.web.platform import home as platform_home
from portal.web.platform import ledger as platform_ledger
from portal.web.platform import margins as platform_margins
from portal.web.platform import merchants as platform_merchants
from portal.web.platform import payments as platform_payments
from portal.web.platform import payouts as platform_payouts
from portal.web.platform import prices as platform_prices
from portal.web.platform import referrals as platform_referrals
from portal.web.platform import repricing as platform_repricing
from portal.web.platform import statements as platform_statements
from portal.web.platform import terms as platform_terms
from portal.web.platform import trail as platform_trail
from portal.web.region import region
from portal.web.sandbox import cashier, requests, sandbox
from portal.web.shop import (
    account,
    addresses,
    applications,
    cart,
    checkout,
    claims,
    consents,
    coupons,
    invitations,
    me,
    nearby,
    notifications,
    orders,
    outbox,
    parcels,
    payments,
    places,
    readdress,
    referrals,
    shop,
    stores,
    wallet,
)
from portal.web.shop import announcements as shop_announcements
from portal.web.shop import bookings as shop_bookings
from portal.web.shop import cases as shop_cases
from portal.web.shop import goods as shop_goods
from portal.web.shop import ledger as shop_ledger
from portal.web.shop import menus as shop_menus
from portal.web.shop import passes as shop_passes
from portal.web.shop import queue as shop_queue
from portal.web.shop import seats as shop_seats
from portal.web.shop import tables as shop_tables
from portal.web.shop import visits as shop_visits
from portal.web.signin import codes, factors, passwords, signin, texts
from portal.web.store import (
    billdesk,
    board,
    counter,
    floorboard,
    kitchen,
    mine,
    redeem,
    soldout,
    store,
    today,
    turns,
    visits,
)
from portal.web.store import bills as store_bills
from portal.web.store import clients as store_clients
from portal.web.store import papers as store_papers
from portal.web.store import passes as store_passes
from portal.web.store import queue as store_queue
from portal.web.store import tab as store_tab
from portal.web.store import tables as store_tables
from portal.web.store import tabmoves as store_tabmoves
from portal.web.store import taborder as store_taborder
from portal.web.supplier import (
    adjusting,
    dispatching,
    freight,
    freightgoods,
    orderpage,
    papers,
    productforms,
    skus,
    supplier,
)
from portal.web.supplier import archive as supplier_archive
from portal.web.supplier import cases as supplier_cases
from portal.web.supplier import imports as supplier_imports
from portal.web.supplier import orders as supplier_orders
from portal.web.supplier import products as supplier_products
from portal.web.table import bills as table_bills
from portal.web.table import cart as table_cart
from portal.web.table import guests as table_guests
from portal.web.table import menu as table_menu
from portal.web.table import rounds as table_rounds
from portal.web.table import table

PAGES = (
    *(shop_seats, table_menu, table_cart, table_rounds, table_bills, table_guests),
    *(nearby, places, stores, shop_goods, coupons, wallet),
    *(cart, checkout, orders, parcels),
    *(shop_bookings, shop_visits),
    *(shop_menus, soldout),
    *(me, account, addresses, consents, referrals, notifications, outbox),
    *(codes, passwords, factors, texts),
    *(shop_passes, store_passes),
    *(counter, redeem, today, kitchen, store_papers),
    *(board, visits, turns, store_clients, mine),
    *(floorboard, store_tab, store_taborder, store_tabmoves, store_bills, billdesk),
    *(applications, invitations, shop_announcements),
    *(platform_home, platform_applications, changes, platform_referrals, platform_merchants, persons),
    *(categories, announcements, parameters, operators, platform_trail),
    *(supplier_imports, supplier_archive),
    *(supplier_products, productforms, skus, adjusting, freight, freightgoods),
    *(supplier_orders, papers, dispatching, orderpage, readdress),
    *(platform_goods, platform_prices, platform_repricing, platform_brands),
    *(platform_ledger, platform_payouts, platform_terms, shop_ledger, platform_statements, platform_margins),
    *(shop_tables, shop_queue, store_tables, store_queue),
    *(shop_cases, claims, supplier_cases, platform_cases),
    *(payments, platform_payments, switchboard, notices, cashier, requests),
)
OFFICES: tuple[Office, ...] = (
    table,
    *(shop, signin, store, chain, alliance, supplier, region, platform),
    *(callbacks, sandbox),
)

for _office in (chain, alliance):
    stores_desk.add(_office)
    coupons_desk.add(_office)
    calendar_desk.add(_office)
    commissions_desk.add(_office)
    menus_desk.add(_office)
    printers_desk.add(_office)
    referrals_desk.add(_office)
    services_desk.add(_office)
    floor_desk.add(_office)
    passes_desk.add(_office)
for _office in (chain, alliance, supplier, region):
    for _desk in (front, funds, withdrawals_desk, staff, profile, trail):
        _desk.add(_office)

for _office in (supplier, chain, alliance):
    statements_desk.add(_office)


def init_app(app: Flask) -> None:
    """Open every office."""
    for office in OFFICES:
        app.register_blueprint(office)
    excuse_signed(app, OFFICES)
