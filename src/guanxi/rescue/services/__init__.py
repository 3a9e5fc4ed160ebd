"""What changes rescues: taking, sending, answering for a provider, ending; providers are kept here too."""
