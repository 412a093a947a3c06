"""May this person do this now: pure answers with their reason."""
