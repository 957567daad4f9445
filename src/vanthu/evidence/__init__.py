"""Proof that lasts (chứng cứ): trees, signed heads, time stamps, records. Front door: `operations`, `queries`."""
