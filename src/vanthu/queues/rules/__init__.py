"""Which queues there are and whose desk they stand on."""
