"""Identities and sign-in (tài khoản). Front door: `operations`, `queries`."""
