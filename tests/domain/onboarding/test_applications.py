"""From a draft to a merchant: drafts keep what was typed, submissions are frozen, each decision is made once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.onboarding.actions import applications, reviews
from portal.domain.onboarding.errors import (
    AlreadyDecided,
    Incomplete,
    NotEditable,
    RegionTaken,
    TooManyOpen,
    Unchanged,
)
from portal.domain.onboarding.models import PaperRow, ProfileRow
from portal.domain.onboarding.queries import applications as queries
from portal.domain.onboarding.values import ApplicationState, DocumentKind, Particulars
from portal.domain.tenants.queries import staff
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.refusals import Conflict, Denied, NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.onboarding import MadeApplication, photo
from tests.factories.world import World


def seen(world: World, made: MadeApplication):
    with world.work(Face.PERSON, person=made.person.id) as work:
        return queries.application(work, made.id)


def test_a_draft_keeps_what_was_typed_however_unfinished(world: World) -> None:
    person = world.person()
    with world.work(Face.PERSON, person=person.id) as work:
        made = applications.start(work, Kind.ALLIANCE)
        applications.save(
            work, made, Particulars(name=" 老梁  米粉😀 ", contact_phone="154 0000 0002"), bank_number="12"
        )
    with world.work(Face.PERSON, person=person.id) as work:
        kept = queries.application(work, made)
    assert kept.particulars.name == "老梁 米粉😀"
    assert kept.particulars.contact_phone == "15400000002"
    assert kept.particulars.bank_last4 == "12"
    assert kept.state is ApplicationState.DRAFT


def test_an_empty_bank_number_keeps_the_one_that_is_there(world: World) -> None:
    made = world.draft(bank_number="9999990000001234")
    with world.work(Face.PERSON, person=made.person.id) as work:
        applications.save(work, made.id, replace(made.particulars, bank_name="别的支行"))
    assert seen(world, made).particulars.bank_last4 == "1234"


def test_an_unfinished_application_is_not_submitted(world: World) -> None:
    made = world.draft(documents=False)
    with pytest.raises(Incomplete), world.work(Face.PERSON, person=made.person.id) as work:
        applications.submit(work, made.id, demo=True)


def test_what_is_submitted_is_frozen_until_more_is_asked(world: World) -> None:
    made = world.submitted()
    with world.work(Face.PERSON, person=made.person.id) as work, pytest.raises(NotEditable):
        applications.save(work, made.id, replace(made.particulars, name="改名"))
    with world.work(Face.PERSON, person=made.person.id) as work, pytest.raises(NotEditable):
        applications.submit(work, made.id, demo=True)


def test_more_information_then_a_second_revision_with_a_difference(world: World) -> None:
    made, reviewer = world.submitted(), world.operator()
    world.ask(made, reviewer, address="请写到门牌号")
    asked = seen(world, made)
    assert asked.state is ApplicationState.MORE_INFORMATION
    assert asked.asked == {"address": "请写到门牌号"}
    with world.work(Face.PERSON, person=made.person.id) as work, pytest.raises(Unchanged):
        applications.submit(work, made.id, demo=True)
    with world.work(Face.PERSON, person=made.person.id) as work:
        applications.save(work, made.id, replace(made.particulars, address="桂香路 8 号"))
    again = world.submit(made)
    revisions = seen(world, again).revisions
    assert [revision.number for revision in revisions] == [1, 2]
    assert revisions[0].particulars.address != revisions[1].particulars.address
    assert revisions[0].decision is ApplicationState.MORE_INFORMATION
    assert seen(world, again).asked == {}


def test_a_document_that_is_removed_stays_in_the_revision(world: World) -> None:
    made, reviewer = world.submitted(), world.operator()
    world.ask(made, reviewer, licence="看不清")
    document = world.document_of(made)
    with world.work(Face.PERSON, person=made.person.id) as work:
        applications.detach(work, made.id, document)
        storage = world.services.storage
        applications.attach(work, storage, made.id, kind=DocumentKind.LICENCE, content=photo((0, 90, 0)))
    world.submit(made)
    first, second = seen(world, made).revisions
    assert document in {one.id for one in first.documents}
    assert document not in {one.id for one in second.documents}


def test_approval_makes_a_merchant_with_owner_data_and_papers(world: World) -> None:
    made, reviewer = world.submitted(Kind.ALLIANCE), world.operator()
    merchant = world.approve(made, reviewer)
    with world.work(Face.PLATFORM) as work:
        (owner,) = staff.members(work, merchant.id)
        profile = work.session.get_one(ProfileRow, merchant.id)
        papers = work.session.query(PaperRow).filter_by(merchant_id=merchant.id).count()
        assert (owner.person_id, owner.role) == (made.person.id, Role.OWNER)
        assert profile.legal_name == made.particulars.legal_name
        assert papers == 2
    assert seen(world, made).merchant_id == merchant.id


def test_a_refusal_needs_a_reason_and_a_new_application_may_begin_from_it(world: World) -> None:
    made, reviewer = world.submitted(), world.operator()
    with world.work(Face.PLATFORM, person=reviewer.id) as work, pytest.raises(Refusal):
        reviews.refuse(work, made.id, revision_id=made.revision_id, reason="  ")
    with world.work(Face.PLATFORM, person=reviewer.id) as work:
        reviews.refuse(work, made.id, revision_id=made.revision_id, reason="执照已注销")
    assert seen(world, made).last.reason == "执照已注销"
    with world.work(Face.PERSON, person=made.person.id) as work:
        fresh = applications.start(work, Kind.BRAND, like=made.id)
        copy = queries.application(work, fresh)
        assert copy.particulars.legal_name == made.particulars.legal_name
        assert len(copy.documents) == 2
        assert queries.missing(work, copy, demo=True) == ()


def test_nobody_reviews_his_own_application(world: World) -> None:
    reviewer = world.operator()
    made = world.submitted(person=reviewer)
    with world.work(Face.PLATFORM, person=reviewer.id) as work, pytest.raises(Denied):
        reviews.approve(work, made.id, revision_id=made.revision_id)


def test_the_second_reviewer_reads_who_and_when(world: World) -> None:
    made = world.submitted()
    first, second = world.operator(), world.operator()
    world.approve(made, first)
    world.clock.advance(minutes=3)
    with world.work(Face.PLATFORM, person=second.id) as work, pytest.raises(AlreadyDecided) as caught:
        reviews.refuse(work, made.id, revision_id=made.revision_id, reason="晚了一步")
    assert first.name in str(caught.value)
    assert "12:00" in str(caught.value)


def test_a_decision_is_about_the_revision_that_was_read(world: World) -> None:
    made, reviewer = world.submitted(), world.operator()
    world.ask(made, reviewer, address="请写到门牌号")
    with world.work(Face.PERSON, person=made.person.id) as work:
        applications.save(work, made.id, replace(made.particulars, address="桂香路 9 号"))
    world.submit(made)
    with world.work(Face.PLATFORM, person=reviewer.id) as work, pytest.raises(AlreadyDecided):
        reviews.approve(work, made.id, revision_id=made.revision_id)
    withdrawn = world.submitted()
    with world.work(Face.PERSON, person=withdrawn.person.id) as work:
        applications.withdraw(work, withdrawn.id)
    with world.work(Face.PLATFORM, person=reviewer.id) as work, pytest.raises(Conflict):
        reviews.approve(work, withdrawn.id, revision_id=withdrawn.revision_id)


def test_two_centres_never_share_a_region(world: World) -> None:
    first, second, reviewer = world.submitted(Kind.REGION), world.submitted(Kind.REGION), world.operator()
    world.approve(first, reviewer)
    with pytest.raises(RegionTaken):
        world.approve(second, reviewer)


def test_a_person_has_five_open_applications_at_most(world: World) -> None:
    person = world.person()
    with world.work(Face.PERSON, person=person.id) as work:
        made = [applications.start(work, Kind.BRAND) for _ in range(5)]
        with pytest.raises(TooManyOpen):
            applications.start(work, Kind.BRAND)
        applications.withdraw(work, made[0])
        applications.start(work, Kind.BRAND)


def test_another_persons_application_is_not_there(world: World) -> None:
    made, stranger = world.submitted(), world.person()
    document = world.document_of(made)
    for act in (
        lambda work: queries.application(work, made.id),
        lambda work: applications.withdraw(work, made.id),
        lambda work: queries.filed(work, made.id, document),
    ):
        with world.work(Face.PERSON, person=stranger.id, kind=ActorKind.PERSON) as work, pytest.raises(NotFound):
            act(work)


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 40, b"\x89PNG\r\n\x1a\n" + b"\0" * 99]
)
def test_what_is_no_document_is_refused_at_its_field(world: World, content: bytes) -> None:
    made = world.draft(documents=False)
    with world.work(Face.PERSON, person=made.person.id) as work, pytest.raises(Refusal) as caught:
        applications.attach(work, world.services.storage, made.id, kind=DocumentKind.LICENCE, content=content)
    assert caught.value.field == "file"


def test_the_queue_is_longest_waiting_first_and_pages_by_key(world: World) -> None:
    made = []
    for _ in range(3):
        made.append(world.submitted())
        world.clock.advance(hours=20)
    world.draft()
    with world.work(Face.PLATFORM) as work:
        lines, more = queries.queue(work)
        assert [line.id for line in lines] == [one.id for one in made]
        assert not more
        late, _ = queries.queue(work, waiting_days=2)
        assert [line.id for line in late] == [made[0].id]
        rest, _ = queries.queue(work, after=(lines[0].submitted_at, lines[0].id))
        assert [line.id for line in rest] == [one.id for one in made[1:]]
        by_name, _ = queries.queue(work, words=made[1].particulars.name)
        assert [line.id for line in by_name] == [made[1].id]
        assert queries.review_counts(work).applications == 3
    assert timedelta(hours=60) == world.clock.now() - lines[0].submitted_at
