"""States of a delivery and the codes that move them."""
