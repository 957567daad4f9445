"""Liên thông: what happened on the line to a document that left or came."""
