"""Everything that changes complaints."""
