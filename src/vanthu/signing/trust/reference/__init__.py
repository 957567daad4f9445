"""Known authorities: `pins.toml`, read by `trust.pins`."""
