"""How the axis above appears on this one."""

ABOVE = "TRUC-CAP-TREN"
"""The code of the system in whose name messages from the axis above are stored; it has no secret and cannot call."""
ABOVE_NAME = "Trục cấp trên"
