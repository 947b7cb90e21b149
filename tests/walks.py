"""Random walks of a state machine: generated only, without shrinking, so that each costs what its steps cost."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def walk(machine: type[RuleBasedStateMachine], examples: int, steps: int, *, alike: bool = False) -> None:
    """So many walks of so many steps; `alike` walks the same way each time."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.generate,),
            derandomize=alike,
            suppress_health_check=list(HealthCheck),
        ),
    )
