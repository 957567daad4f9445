"""The pure part of the log: how an event is spelled and chained."""
