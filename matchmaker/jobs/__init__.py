"""What happens outside requests: sending mail, the clock's work, forgetting."""
