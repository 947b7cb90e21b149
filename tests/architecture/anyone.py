"""Every page and act without sign-in, each with the reason why it is open. A line without a route fails the tests."""

from __future__ import annotations

ANYONE_BECAUSE = {
    "shop.announcements_list": "the operator speaks to everybody",
    "shop.coupons_show": "a coupon is passed on by its address; collecting needs a sign-in",
    "shop.home": "the street is public",
    "shop.invited": "a printed referrer's code is scanned before anybody is signed in",
    "shop.language": "choosing a language needs no account; only the cookie changes",
    "shop.outbox": "the sandbox's letters, shown in demo and test mode only (404 in production)",
    "shop.places_pick": "picking a place needs no account",
    "shop.stores_show": "a store's page is public, as its sign is",
    "signin.code": "the way in",
    "signin.code_check": "the way in; a code works once and five tries burn it",
    "signin.code_resend": "the way in; a second code within a minute is refused",
    "signin.code_send": "the way in; counted per phone, browser and address",
    "signin.password": "the way in",
    "signin.password_check": "the way in; counted per phone and address",
    "signin.privacy": "people read it before they agree",
    "signin.sign_out": "leaving must work with an ended session as well",
    "signin.start": "the way in",
    "signin.terms": "people read it before they agree",
    "signin.welcome": "a proven phone without an account; the cookie holds the proof",
    "signin.welcome_join": "a proven phone opens one account",
}
