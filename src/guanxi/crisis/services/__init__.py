"""Everything that changes crises: opening, leading, what is said outside, who is told."""
