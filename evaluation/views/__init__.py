"""Pages and doors of evaluation."""
