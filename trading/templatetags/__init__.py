"""Template tags of trading."""
