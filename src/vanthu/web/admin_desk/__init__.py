"""Quản trị: people and posts, the working calendar, agencies."""
