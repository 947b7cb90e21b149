"""Becoming a merchant through the pages: nothing typed is lost, nothing of it is anybody else's."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from portal.domain.onboarding.queries import applications
from portal.domain.onboarding.values import ApplicationState
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.onboarding import MadeApplication, photo
from tests.factories.world import World


def start(person: Browser, kind: str = "brand") -> UUID:
    seen = person.post("shop.applications_create", {"kind": kind})
    return UUID(seen.response.headers["Location"].split("/")[2])


def typed(world: World, kind: Kind = Kind.BRAND, **changes: str) -> dict[str, str]:
    facts = world.particulars(kind)
    names = ("name", "legal_name", "licence_number", "representative", "contact_name", "contact_phone", "address")
    lines = {name: getattr(facts, name) for name in (*names, "bank_holder", "bank_name", "region_code")}
    category = str(facts.category_id or "")
    return lines | {"bank_number": "9999990000001234", "category_id": category, "lat": "", "lng": ""} | changes


def upload(person: Browser, application: UUID, content: bytes, kind: str = "licence", status: int = 303) -> Any:
    data = {"kind": kind, "file": (io.BytesIO(content), "photo.jpg")}
    return person.post("shop.applications_attach", data, application=application, status=status)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_from_the_chooser_to_submitted(browser: Browser, world: World, kind: Kind, locale: str) -> None:
    world.divisions()
    him = browser.as_(world.person(locale=locale))
    him.get("shop.applications_list")
    made = start(him, kind.value)
    him.get("shop.applications_edit", application=made)
    saved = him.post("shop.applications_save", typed(world, kind) | {"act": "onward"}, application=made)
    him.follow(saved)
    for document in ("licence", "shop_front"):
        upload(him, made, photo(), document)
    him.get("shop.applications_documents", application=made)
    him.get("shop.applications_edit", application=made)
    shown = him.get("shop.applications_show", application=made)
    assert shown.form("/submit")
    him.follow(him.post("shop.applications_submit", application=made))
    assert him.get("shop.applications_edit", application=made, status=303)
    him.get("shop.applications_list")


def test_a_half_filled_draft_is_kept_and_says_what_is_missing(browser: Browser, world: World) -> None:
    him = browser.as_(world.person())
    made = start(him, "alliance")
    him.post("shop.applications_save", {"name": "老梁米粉😀", "bank_number": "abc"}, application=made)
    page = him.get("shop.applications_edit", application=made)
    assert page.one("#name")["value"] == "老梁米粉😀"
    assert page.one("#bank_number").get("value") in ("", None)
    shown = him.get("shop.applications_show", application=made)
    assert len(shown.soup.select("section.card li a")) == 12
    told = him.post("shop.applications_submit", application=made, status=422)
    assert "还差 12 项" in told.text


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "长" * 5000},
        {"name": "\u202e倒过来"},
        {"lat": "abc"},
        {"lat": "91", "lng": "200"},
        {"lat": "nan", "lng": "inf"},
        {"bank_number": "9" * 300},
        {"region_code": "99"},
    ],
)
def test_what_cannot_be_kept_comes_back_as_it_was_typed(browser: Browser, world: World, bad: dict[str, str]) -> None:
    world.divisions()
    him = browser.as_(world.person())
    made = start(him, "region" if "region_code" in bad else "brand")
    data = typed(world, contact_name="何伟") | bad
    seen = him.post("shop.applications_save", data, application=made, status=422)
    assert seen.one("#contact_name")["value"] == "何伟"
    assert seen.one(".error-summary")


@pytest.mark.parametrize(
    "data",
    [
        {"category_id": "zzz"},
        {"category_id": str(uuid4())},
        {"contact_phone": "😀"},
        {"licence_number": "９１" * 9},
        {"name": ["a", "b"]},
        {},
    ],
)
def test_odd_input_is_no_accident(browser: Browser, world: World, data: dict[str, Any]) -> None:
    him = browser.as_(world.person())
    made = start(him)
    response = him.client.post(
        him.url("shop.applications_save", application=made),
        data={"csrf_token": him.csrf(), "key": str(uuid4()), **data},
    )
    assert response.status_code in (303, 422)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg/>",
        b"%PDF-1.7 half",
        b"PK\x03\x04" * 9,
        photo()[:200],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    ],
)
def test_what_is_no_document_is_refused_and_the_page_stays(browser: Browser, world: World, content: bytes) -> None:
    him = browser.as_(world.person())
    made = start(him)
    assert upload(him, made, content, status=422).one(".error-summary")
    him.post("shop.applications_attach", {"kind": "licence"}, application=made, status=422)
    him.post("shop.applications_attach", {"kind": "passport"}, application=made, status=422)


def test_a_picture_bomb_is_refused_before_it_is_opened(browser: Browser, world: World) -> None:
    with io.BytesIO() as file:
        Image.new("1", (12_000, 12_000)).save(file, "PNG")
        bomb = file.getvalue()
    assert len(bomb) < 100_000
    him = browser.as_(world.person())
    assert upload(him, start(him), bomb, status=422).one(".error-summary")


def test_a_file_of_eight_megabytes_passes_the_door_and_more_gets_a_page(browser: Browser, world: World) -> None:
    him = browser.as_(world.person())
    made = start(him)
    assert "图片" in upload(him, made, b"x" * (8 * 1024 * 1024), status=422).text
    assert "太大" in upload(him, made, b"x" * (9 * 1024 * 1024), status=413).text


def test_a_whole_pdf_is_kept_and_handed_over_as_a_file(browser: Browser, world: World) -> None:
    person = world.person()
    him = browser.as_(person)
    made = start(him)
    upload(him, made, b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n", "permit")
    with world.work(Face.PERSON, person=person.id) as work:
        document = applications.application(work, made).documents[0].id
    response = him.client.get(him.url("shop.applications_document", application=made, document=document))
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment")
    him.post("shop.applications_detach", application=made, document=document)
    him.get("shop.applications_documents", application=made)


def test_the_applicant_reads_what_is_asked_at_its_field(browser: Browser, world: World) -> None:
    made, reviewer = world.submitted(), world.operator()
    him = browser.as_(made.person)
    assert "审核" in him.get("shop.applications_show", application=made.id).text
    world.ask(made, reviewer, address="请写到门牌号", licence="看不清")
    page = him.get("shop.applications_edit", application=made.id)
    assert "请写到门牌号" in page.one("#address-hint").get_text()
    assert "看不清" in him.get("shop.applications_documents", application=made.id).text
    him.post("shop.applications_submit", application=made.id, status=422)


def test_a_refused_application_is_the_beginning_of_the_next(browser: Browser, world: World) -> None:
    made, reviewer = world.submitted(), browser.as_(world.operator())
    data = {"revision": str(made.revision_id), "reason": "执照已注销"}
    reviewer.post("platform.applications_refuse", data, application=made.id)
    him = browser.as_(made.person)
    page = him.get("shop.applications_show", application=made.id)
    assert "执照已注销" in page.text
    fresh = him.post("shop.applications_create", page.form("/apply"))
    assert him.follow(fresh).one("#legal_name")["value"] == made.particulars.legal_name


def test_another_persons_application_is_404_everywhere(browser: Browser, world: World) -> None:
    made = world.submitted()
    stranger = browser.as_(world.person())
    document = world.document_of(made)
    for endpoint in ("show", "edit", "documents"):
        stranger.get(f"shop.applications_{endpoint}", application=made.id, status=404)
    for endpoint in ("save", "submit", "withdraw"):
        stranger.post(f"shop.applications_{endpoint}", application=made.id, status=404)
    stranger.post("shop.applications_detach", application=made.id, document=document, status=404)
    assert upload(stranger, made.id, photo(), status=404)
    browser.as_(None).get("shop.applications_show", application=made.id, status=303)


def test_withdrawn_is_withdrawn(browser: Browser, world: World) -> None:
    made: MadeApplication = world.submitted()
    him = browser.as_(made.person)
    him.post("shop.applications_withdraw", application=made.id)
    him.get("shop.applications_show", application=made.id)
    with world.work(Face.PERSON, person=made.person.id) as work:
        assert applications.application(work, made.id).state is ApplicationState.WITHDRAWN
    him.post("shop.applications_create", {"kind": "planet"}, status=404)
