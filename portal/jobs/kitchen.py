"""Carrying papers to printers and asking what became of them. Between two Works, never inside one.

A paper is taken (and that is committed) before it is handed over, so that no second worker hands it over again.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from uuid import UUID

from portal.domain.kitchen import actions
from portal.domain.kitchen.ports import Printer
from portal.domain.kitchen.values import Answer, Errand, Health, Said, Why
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

log = logging.getLogger("portal.jobs")
RIGHTS = frozenset({Permission.KITCHEN_COOK})


def print_one(services: Services, *, job: str) -> None:
    """Print one paper, once; what is not to be printed (any more) is left alone."""
    job_id = UUID(job)
    with _work(services) as work:
        try:
            errand = actions.take(work, job_id, services.seal)
        except NotFound:
            return
    if errand is None:
        return
    answer = _sent(services, errand)
    with _work(services) as work:
        actions.told(work, job_id, answer)


def ask_one(services: Services, *, job: str) -> None:
    """Ask what became of one paper. Nothing is printed by it."""
    job_id = UUID(job)
    with _work(services) as work:
        try:
            errand = actions.question(work, job_id, services.seal)
        except NotFound:
            return
    if errand is None:
        return
    printer = services.printers.get(errand.device.vendor)
    answer = _guarded(printer, errand, ask=True) if printer else Answer(Said.UNKNOWN)
    with _work(services) as work:
        actions.answered(work, job_id, answer)


def look(services: Services) -> int:
    """Papers whose queued job was lost. They are queued again, never printed here: one at a time to each printer."""
    with _work(services) as work:
        queued, others = actions.overdue(work)
    for job_id in others:
        try:
            ask_one(services, job=str(job_id))
        except Exception:  # one that breaks must not keep the others waiting
            log.exception("kitchen: %s is left for later", job_id)
    return queued + len(others)


def ask_health(services: Services) -> int:
    """Have printers asked how they are: never while one of its papers is under way."""
    with _work(services) as work:
        return actions.call_printers(work)


def hear_one(services: Services, *, printer: str) -> None:
    """How one printer is, within five seconds, between two Works."""
    printer_id = UUID(printer)
    with _work(services) as work:
        device = actions.to_ask(work, printer_id, services.seal)
    if device is None:
        return
    adapter = services.printers.get(device.vendor)
    try:
        health = adapter.health(device) if adapter else Health.UNKNOWN
    except Exception:
        log.exception("kitchen: the printer's adapter broke")
        health = Health.UNKNOWN
    with _work(services) as work:
        actions.heard(work, printer_id, health)


def _sent(services: Services, errand: Errand) -> Answer:
    printer = services.printers.get(errand.device.vendor)
    if printer is None:  # nothing was handed to anybody
        return Answer(Said.REFUSED, why=Why.DEVICE)
    return _guarded(printer, errand, ask=False)


def _guarded(printer: Printer, errand: Errand, *, ask: bool) -> Answer:
    """An adapter that breaks has said nothing."""
    try:
        return printer.state(errand) if ask else printer.send(errand)
    except Exception:
        log.exception("kitchen: the printer's adapter broke")
        return Answer(Said.UNKNOWN, why=Why.SILENT)


def _work(services: Services) -> AbstractContextManager[Work]:
    actor = Actor(ActorKind.JOB)
    return open_work(services.engine, scope=Scope(Face.JOB), actor=actor, clock=services.clock, permissions=RIGHTS)
