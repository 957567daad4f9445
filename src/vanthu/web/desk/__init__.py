"""The desk: the first page, the choice of capacity, and the queues."""
