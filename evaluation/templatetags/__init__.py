"""Template filters of evaluation."""
