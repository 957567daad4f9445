"""Registers, numbers, receiving and issuing (văn thư, sổ, số, phát hành). Front door: `operations`, `queries`, `events`."""
