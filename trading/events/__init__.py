"""What happened in trading, as data; one file a subject."""
