"""The acts of trading, one a file."""
