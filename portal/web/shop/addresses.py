"""The address book: paste a whole line or fill the fields; province, city, district and town follow each other.

Without a script the same buttons send the form to be filled further; nothing of it ever stands in an address line.
"""

from __future__ import annotations

from uuid import UUID

from wtforms import SelectChoice

from portal.domain.identity import queries
from portal.domain.identity.actions import addresses as acts
from portal.domain.identity.rules.names import LONGEST as NAME_MOST
from portal.domain.identity.values import AddressFacts
from portal.domain.regions import queries as regions
from portal.domain.regions.values import Level
from portal.kernel import phones
from portal.kernel.lines import clean_line
from portal.kernel.paste import Pasted, Regions, read_address
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import proofs, ways
from portal.web.forms.people import DETAIL_MOST, AddressForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.shop import shop

MINE = Permission.PROFILE_EDIT
LEVELS = ("province", "city", "area", "street")
SHOWS = "it shows the form again, filled further, and keeps nothing"


@shop.get("/me/addresses", may=MINE)
def addresses_list(work: Work) -> Page:
    """The book, the default first."""
    return page("shop/me/addresses.html", rows=queries.addresses(work), show_phone=phones.show)


@shop.get("/me/addresses/new", may=MINE)
def addresses_new(work: Work) -> Page:
    """An empty form."""
    return _form(work, AddressForm(formdata=None, data={"next": ways.asked_for() or ""}))


@shop.post("/me/addresses/new", may=MINE)
def addresses_add(work: Work) -> Answer:
    """Save a new address."""
    form = AddressForm()
    _offer(work, form)
    if form.validate():
        with form.tries(work):
            saved, back = acts.add(work, _facts(work, form)), ways.asked_for()
            if back is not None:
                return SeeOther(f"{back}{'&' if '?' in back else '?'}address={saved}", gettext("地址已保存。"))
            return see_other("shop.addresses_list", flash=gettext("地址已保存。"))
    return _form(work, form, status=422)


@shop.get("/me/addresses/<uuid:address>", may=MINE)
def addresses_edit(work: Work, address: UUID) -> Page:
    """The form with an address in it."""
    row = queries.address(work, address)
    path = regions.paths(work, {row.region_code}).get(row.region_code, ())  # towns merge: then it is chosen anew
    known = {region.level: region.code for region in path}
    codes = {name: known.get(Level(name), "") for name in LEVELS}
    data = {"recipient": row.recipient, "phone": row.phone, "detail": row.detail, "is_default": row.is_default}
    return _form(work, AddressForm(formdata=None, data={**data, **codes}), address)


@shop.post("/me/addresses/<uuid:address>", may=MINE)
def addresses_save(work: Work, address: UUID) -> Answer:
    """Save the change."""
    form = AddressForm()
    _offer(work, form)
    if form.validate():
        with form.tries(work):
            acts.change(work, address, _facts(work, form))
            return see_other("shop.addresses_list", flash=gettext("地址已保存。"))
    return _form(work, form, address, status=422)


@shop.post("/me/addresses/<uuid:address>/delete", may=MINE)
def addresses_remove(work: Work, address: UUID) -> Answer:
    """Remove it."""
    acts.remove(work, address)
    return see_other("shop.addresses_list", flash=gettext("地址已删除。"))


@shop.post("/me/addresses/<uuid:address>/default", may=MINE)
def addresses_default(work: Work, address: UUID) -> Answer:
    """Send here from now on."""
    acts.make_default(work, address)
    return see_other("shop.addresses_list", flash=gettext("已设为默认地址。"))


@shop.post("/me/addresses/further", may=MINE, repeats=SHOWS)
def addresses_further(work: Work) -> Page:
    """A division was chosen: offer the ones below it."""
    return _again(work, AddressForm())


@shop.post("/me/addresses/paste", may=MINE, repeats=SHOWS)
def addresses_paste(work: Work) -> Page:
    """Take a pasted line apart and fill what it says."""
    form = AddressForm()
    wide = regions.every(work, levels=(Level.PROVINCE, Level.CITY, Level.AREA))
    below = Regions(
        ((one.code, one.name, one.level.value, one.parent) for one in wide),
        lambda code: ((one.code, one.name, one.level.value, one.parent) for one in regions.children(work, code)),
    )
    _fill(form, read_address(form.paste.data or "", below, demo=proofs.demo()))
    return _again(work, form)


def _fill(form: AddressForm, pasted: Pasted) -> None:
    """What the line says goes into the fields; what it does not say stays as it was."""
    words = {"recipient": pasted.name, "phone": pasted.phone, "detail": pasted.detail}
    for name, value in words.items():
        if value:
            form[name].data = value
    divisions = (pasted.province, pasted.city, pasted.district, pasted.town)
    if any(divisions):
        for name, region in zip(LEVELS, divisions, strict=True):
            form[name].data = region.code if region else ""


def _again(work: Work, form: AddressForm) -> Page:
    try:
        saved = queries.address(work, UUID(form.address.data)).id if form.address.data else None
    except ValueError:
        raise NotFound from None
    return _form(work, form, saved)


def _form(work: Work, form: AddressForm, address: UUID | None = None, *, status: int = 200) -> Page:
    _offer(work, form)
    form.address.data = str(address) if address else ""
    return page("shop/me/address.html", block="fields", form=form, address=address, levels=LEVELS, status=status)


def _offer(work: Work, form: AddressForm) -> None:
    """Choices of each division below the one chosen above; an only child is chosen, a stranger is not."""
    parent: str | None = None
    for at, name in enumerate(LEVELS):
        found = regions.children(work, parent) if at == 0 or parent else []
        field, codes = form[name], [one.code for one in found]
        if field.data not in codes:
            field.data = codes[0] if len(codes) == 1 else ""
        field.choices = [SelectChoice("", gettext("请选择")), *(SelectChoice(one.code, one.name) for one in found)]
        parent = field.data or None


def _facts(work: Work, form: AddressForm) -> AddressFacts:
    """The address as the domain keeps it. Refuses a division that is not chosen far enough."""
    code = form.street.data or form.area.data or form.city.data or form.province.data or ""
    path = regions.check(work, code, field="province")
    if path[-1].level in (Level.PROVINCE, Level.CITY) and form.area.choices[1:]:
        raise Refusal(say("请选到区县。"), field="area")
    return AddressFacts(
        recipient=clean_line(form.recipient.data, field="recipient", most=NAME_MOST),
        phone=phones.normalise_mobile(form.phone.data, demo=proofs.demo()),
        region_code=code,
        region_names=tuple(one.name for one in path),
        detail=clean_line(form.detail.data, field="detail", most=DETAIL_MOST),
        is_default=bool(form.is_default.data),
    )
