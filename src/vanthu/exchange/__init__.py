"""Channels, deliveries and the statuses that flow back (liên thông). Front door: `operations`, `queries`, `events`."""
