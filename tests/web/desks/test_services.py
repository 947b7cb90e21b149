"""Services at the desk: each wrong thing is said at its own field with the form as it was; terms are kept exactly."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from portal.domain.bookings import queries
from portal.domain.bookings.values import ServiceShown
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.bookings import Salon
from tests.factories.world import World

ENTERED = {
    "name": "背部推拿",
    "category": "按摩",
    "words": "肩背放松，力度可调。",
    "price": "198",
    "minutes": "60",
    "before_minutes": "5",
    "after_minutes": "15",
    "group_size": "1",
    "prepay": "earnest",
    "prepay_amount": "50",
    "cancel_before": "100",
    "cancel_unit": "minutes",
    "missed": "keep",
    "needs": ["technician", "room"],
}
WRONG = [
    ("name", "", "请填写"),
    ("name", "长" * 41, "40"),
    ("category", "长" * 21, "20"),
    ("words", "长" * 501, "500"),
    ("price", "", "请填写价格"),
    ("price", "一百", "金额"),
    ("price", "1000000.01", ""),
    ("minutes", "", "5 到 720"),
    ("minutes", "4", "5 到 720"),
    ("minutes", "721", "5 到 720"),
    ("minutes", "一小时", "整数"),
    ("before_minutes", "241", "0 到 240"),
    ("after_minutes", "-5", "整数"),
    ("group_size", "201", "1 到 200"),
    ("prepay_amount", "", "大于 0"),
    ("prepay_amount", "198.01", "大于 0"),
    ("cancel_before", "20161", "14 天"),
    ("cancel_before", "很早", "整数"),
    ("needs", [], "至少选一种"),
    ("needs", ["厨房"], "至少选一种"),
]


@dataclass
class Desk:
    """The owner of a salon in his back office."""

    world: World
    salon: Salon
    his: Browser

    def get(self, page: str, **values: Any) -> Seen:
        return self.his.get(f"chain.{page}", merchant=self.salon.merchant.id, **values)

    def post(self, page: str, data: dict[str, Any], **values: Any) -> Seen:
        return self.his.post(f"chain.{page}", data, merchant=self.salon.merchant.id, **values)

    def form(self, service: UUID) -> dict[str, Any]:
        """The form of a service as a browser would send it, all ticks too."""
        seen = self.get("services_edit", service=service)
        ticks = {
            name: [str(one["value"]) for one in seen.soup.select(f"input[name={name}][checked]")]
            for name in ("needs", "doers")
        }
        return {**seen.form("/edit"), **ticks}

    def service(self, service: UUID) -> ServiceShown:
        with self.world.work(Face.OFFICE, merchant=self.salon.merchant.id) as work:
            return queries.service(work, service)


@pytest.fixture
def desk(world: World, browser: Browser) -> Desk:
    salon = world.salon()
    return Desk(world, salon, browser.as_(world.staff(salon.merchant)))


def made_by(answer: Seen) -> UUID:
    return UUID(answer.response.headers["Location"].rsplit("/", 1)[1].split("?")[0])


def test_every_wrong_thing_is_said_at_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    for field, value, words in WRONG:
        seen = desk.post("services_create", {**ENTERED, field: value}, status=422)
        where = f"{field}={value!r}"
        at = seen.soup.select_one(f"#{field}-errors")
        assert words in (at.get_text() if at else "nothing"), where
        assert seen.one("input[name=category]")["value"] == (value if field == "category" else "按摩"), where
        if isinstance(value, str) and field != "words":
            assert seen.one(f"input[name={field}]")["value"] == value, where
        assert seen.one("input[name=prepay][value=earnest]").has_attr("checked"), where
        assert seen.one("select[name=cancel_unit] option[value=minutes]").has_attr("selected"), where
    assert len(desk.get("services_list").soup.select("tbody tr")) == 1, "nothing was written"


def test_a_service_is_written_kept_exactly_offered_stopped_and_put_in_order(desk: Desk) -> None:
    doer = str(desk.salon.doers[0].id)
    service = made_by(desk.post("services_create", {**ENTERED, "doers": [doer, str(UUID(int=7)), "x"]}))
    draft = desk.service(service).draft
    assert (draft.cancel_minutes, draft.prepay_fen, draft.doers) == (100, 5000, {desk.salon.doers[0].id})
    assert "100 分钟" in desk.get("services_show", service=service).text
    assert (desk.form(service)["cancel_before"], desk.form(service)["cancel_unit"]) == ("100", "minutes")
    desk.post("services_save", desk.form(service), service=service)
    assert desk.service(service).draft == draft, "saved as it was shown, nothing changes"
    for sent, minutes, shown in ((("36", "hours"), 2160, "36"), (("2", "days"), 2880, "2"), (("0", "hours"), 0, "0")):
        desk.post(
            "services_save", desk.form(service) | {"cancel_before": sent[0], "cancel_unit": sent[1]}, service=service
        )
        assert desk.service(service).draft.cancel_minutes == minutes
        assert desk.form(service)["cancel_before"] == shown
    desk.post("services_offer", {}, service=service)
    unable = desk.post("services_save", desk.form(service) | {"doers": []}, service=service, status=422)
    assert "技师" in unable.one(".error-summary").get_text(), "an offered service keeps somebody who can do it"
    desk.post("services_arrange", {"service": str(service), "to": "up"})
    rows = desk.get("services_list").soup.select("tbody tr a")
    assert rows[0].get_text(" ", strip=True).startswith("背部推拿")
    desk.post("services_stop", {}, service=service)
    desk.post("services_remove", {}, service=service)
    desk.get("services_show", service=service, status=404)


def test_what_was_booked_is_not_thrown_away_and_a_draft_nobody_can_do_is_not_offered(desk: Desk) -> None:
    desk.world.booked(desk.salon)
    assert "预约" in desk.post("services_remove", {}, service=desk.salon.service, status=422).text
    nobody = made_by(desk.post("services_create", ENTERED))
    assert "技师" in desk.post("services_offer", {}, service=nobody, status=422).one(".flash.stop").get_text()
    other = desk.world.service(desk.world.merchant(), [], offered=False)
    desk.post("services_save", ENTERED, service=other, status=404)


def test_pictures_are_added_put_first_shown_on_the_street_and_taken_away(desk: Desk) -> None:
    def photo(colour: str) -> tuple[io.BytesIO, str]:
        file = io.BytesIO()
        Image.new("RGB", (900, 700), colour).save(file, "JPEG")
        file.seek(0)
        return file, f"{colour}.jpg"

    one = desk.salon.service
    desk.post("services_picture_add", {"pictures": [photo("red"), photo("blue")]}, service=one)
    first, second = desk.service(one).pictures
    street = desk.his.as_(None).get("shop.bookings_store", store=desk.salon.store.id)
    assert street.one("a.service img")["src"] == f"/pictures/{first.small}"
    assert desk.his.client.get(f"/pictures/{first.small}").mimetype == "image/webp"
    desk.post("services_picture_first", {"picture": str(second.id)}, service=one)
    desk.post("services_picture_remove", {"picture": str(first.id)}, service=one)
    assert desk.service(one).pictures == (second,)
    assert desk.his.client.get(f"/pictures/{first.small}").status_code == 404
    for gone in (str(first.id), "x", ""):
        desk.post("services_picture_remove", {"picture": gone}, service=one, status=404)
    bad = desk.post("services_picture_add", {"pictures": [(io.BytesIO(b"<svg>"), "x.svg")]}, service=one, status=422)
    assert bad.one("#pictures-errors")
    assert "请先选择图片" in desk.post("services_picture_add", {}, service=one, status=422).one("#pictures-errors").text
    for count in (6, 5):
        many = {"pictures": [photo("green") for _ in range(count)]}
        assert "最多 5 张" in desk.post("services_picture_add", many, service=one, status=422).text
