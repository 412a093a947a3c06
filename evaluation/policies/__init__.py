"""Who may do what in evaluation, and when."""
