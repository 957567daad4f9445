"""The acts of the axis: who joins, whom they serve, what is taken in, settled, forgotten."""
