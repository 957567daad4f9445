"""Lấy lại, thu hồi, thay thế, bổ sung nơi nhận: the acts of both sides, and what every face of a document says of it."""
