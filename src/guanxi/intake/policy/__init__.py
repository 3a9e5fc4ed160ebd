"""What can be said of sheets, headings and rows from their text alone."""
