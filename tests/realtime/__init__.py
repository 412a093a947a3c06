"""Halls and rooms, live."""
