"""What changes notices: issuing, answering for a department, deciding by whoever issued it."""
