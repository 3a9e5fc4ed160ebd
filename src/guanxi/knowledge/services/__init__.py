"""What changes knowledge: articles written and reviewed, what they were good for, questions asked and answered."""
