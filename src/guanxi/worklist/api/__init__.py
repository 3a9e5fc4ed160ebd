"""The worklist over the API: the same verbs as the pages."""
