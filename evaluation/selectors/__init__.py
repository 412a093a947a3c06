"""Reading in evaluation."""
