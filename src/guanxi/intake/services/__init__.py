"""Reading files, proposing what their columns mean, normalising their rows. Nothing here touches the database."""
