"""Agencies, units, posts, signing authority and working calendars (cơ quan, đơn vị, chức danh, ủy quyền, lịch làm việc)."""
