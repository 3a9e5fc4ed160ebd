"""How presets bring code lists: schema, difference, application (CLASS-50)."""
