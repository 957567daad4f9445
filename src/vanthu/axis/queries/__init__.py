"""What the axis shows: `calls` answers the protocol; the operator's screens have a module of their own here."""
