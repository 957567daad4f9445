"""What waits at each desk (hàng chờ): a read model written by followers in the act's own transaction (decision D8)."""
