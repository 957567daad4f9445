"""The line to the axis: the gateway protocol that the vendor's client speaks (edxml.md §7)."""
