"""Who runs the axis: the administrator of the city's system (R11), and the system account at the command line."""

from __future__ import annotations

from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if


def may_operate_axis(actor: Actor) -> Decision:
    """See systems and messages, let systems join, close them, deliver again."""
    return allowed_if(actor.has(Role.CITY_ADMIN) or actor.is_system, "axis.desk.not-operator")
