"""What owners and cars are today, for all of them at once: the rules of ``care.policy`` as set-based expressions."""
