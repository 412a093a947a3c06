"""Rules of evaluation: pure, no Django."""
