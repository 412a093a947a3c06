"""Pages and commands of trading."""
