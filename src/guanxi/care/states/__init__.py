"""What a contact rule can say, and how a decision about a contact can end."""
