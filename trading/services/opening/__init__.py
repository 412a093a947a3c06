"""The acts of a no-meet opening: one a file, all under the lock of the opening's row."""
