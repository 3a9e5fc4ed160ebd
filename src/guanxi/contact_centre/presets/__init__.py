"""What carmakers bring: scripts with their terms, categories of enquiries, score sheets."""
