"""Nothing is open by default: every route belongs to an office, says who may, and has a clean address."""

from __future__ import annotations

import re

from portal.kernel.permissions import ANYONE
from tests.architecture.anyone import ANYONE_BECAUSE
from tests.architecture.house import declared, house
from tests.architecture.ids import IDS

OF_NO_OFFICE = {
    "health.healthz": "supervisors ask it without a session",
    "pulse.show": "a signed permit of ten minutes names one store; the answer is whether a number has grown",
    "pictures.show": "public pictures named by 128 random bits; no row is asked",
}
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
ENDPOINT = re.compile(r"[a-z]+\.[a-z]+(_[a-z]+)*")
CONVERTERS = {"UUIDConverter", "IntegerConverter"}
PLAIN_ARGUMENTS = {
    "feed": "the secret address of a calendar feed: checked by its mark of 96 bits",
    "visit": "the secret link of a visit: checked by its mark of 96 bits",
    "code": "a printed code (coupon, referrer, table): checked by its signature or look-up",
    "secret": "128 random bits that only a friend at the table shows: compared in constant time",
    "token": "an opaque secret of 128 bits or more: looked up by its digest",
    "gift": "128 random bits that offer a pass: looked up by their digest",
    "link": "128 random bits that open one reservation: looked up by their digest",
    "slip": "128 random bits that open one queue number: looked up by their digest",
    "name": "a stored file's name: a digest made by the server",
    "listkind": "one of a closed list of words; others are not there",
    "locale": "zh or en",
    "provider": "one of the payment providers of this installation; others are 404",
    "kind": "one word of a closed list",
}


def test_every_route_belongs_to_an_office() -> None:
    every = {str(rule.endpoint) for rule in house().url_map.iter_rules()}
    strangers = every - {one.endpoint for one in declared()}
    assert strangers == set(OF_NO_OFFICE), "register pages with an Office, or give the reason in OF_NO_OFFICE"


def test_every_public_route_is_listed_with_its_reason() -> None:
    public = {one.endpoint for one in declared() if one.route.may is ANYONE}
    assert public - set(ANYONE_BECAUSE) == set(), "open to anyone without a reason in tests/architecture/anyone.py"
    assert set(ANYONE_BECAUSE) - public == set(), "dead lines in tests/architecture/anyone.py"
    assert all(len(reason) >= 10 for reason in ANYONE_BECAUSE.values())


def test_every_act_has_a_key_or_says_why_it_may_repeat() -> None:
    for one in declared():
        if one.route.method == "POST" and one.route.repeats:
            assert len(one.route.repeats) >= 10, f"{one.endpoint}: {one.route.repeats!r} explains nothing"
        if one.route.method == "POST" and one.route.may is ANYONE:
            assert one.route.repeats, f"{one.endpoint}: somebody unknown has no key"


def test_a_page_reads_and_only_reads() -> None:
    writing = {one.endpoint for one in declared() if one.route.method == "GET" and one.route.writes}
    assert writing == set(GET_WRITES), "a GET that writes needs its reason in GET_WRITES; dead lines go"


GET_WRITES: dict[str, str] = {}


def test_addresses_are_kebab_case_and_arguments_typed() -> None:
    for one in declared():
        for is_dynamic, part in one.rule._trace:
            if not is_dynamic:
                for word in filter(None, part.replace("|", "").split("/")):
                    assert KEBAB.fullmatch(word), f"{one.rule.rule}: {word!r} is not kebab-case"
        for name, converter in one.rule._converters.items():
            if name not in PLAIN_ARGUMENTS:
                kind = type(converter).__name__
                assert kind in CONVERTERS, f"{one.rule.rule}: write <uuid:{name}>, or add it to PLAIN_ARGUMENTS"


def test_endpoints_read_thing_and_verb() -> None:
    for one in declared():
        assert ENDPOINT.fullmatch(one.endpoint), f"{one.endpoint}: office.thing_verb in small letters"


def test_every_argument_is_known_to_the_walker() -> None:
    for one in declared():
        unknown = set(one.rule.arguments) - set(IDS)
        assert not unknown, f"{one.endpoint}: add {sorted(unknown)} to tests/architecture/ids.py"


def test_one_address_has_one_meaning() -> None:
    seen: dict[tuple[str, str], str] = {}
    for one in declared():
        twin = seen.setdefault((one.rule.rule, one.route.method), one.endpoint)
        assert twin == one.endpoint, f"{one.rule.rule} is both {twin} and {one.endpoint}"


def test_a_merchant_office_carries_its_key_in_the_address() -> None:
    for one in declared():
        if one.office.name in ("chain", "alliance", "supplier", "region"):
            assert "merchant" in one.rule.arguments, one.endpoint
        if one.office.name == "store":
            assert "store" in one.rule.arguments, one.endpoint
