"""Tenders as data, and the runner that drives each through the public doors."""
