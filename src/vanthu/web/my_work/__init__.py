"""Chỉ đạo and công việc: direct, assign on, work, report, close."""
