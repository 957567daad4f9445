"""One's own account: the way in and out, and the password."""
