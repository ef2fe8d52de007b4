"""Everything outside our machines."""
