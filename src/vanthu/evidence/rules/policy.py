"""Who looks at the log's heads. Handing out a proof is for everybody who may see its document."""

from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if


def may_read_heads(actor: Actor) -> Decision:
    """The installation's administrator (R11) and who inspects it (R13); heads say nothing of any document."""
    return allowed_if(actor.has(Role.CITY_ADMIN, Role.INSPECTOR), "evidence.head.not-administrator")
