"""The acts of evaluation, one a file."""
