"""Pages of rescues."""
