"""Pages of the code lists: reading and changing."""
