"""What other packages and pages may read of trading."""
