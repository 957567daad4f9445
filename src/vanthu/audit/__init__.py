"""The append-only log of acts (nhật ký), chained by SHA-256 per agency. Front door: `queries`, `recorder`."""
