"""The arithmetic of chains and trees: no database, no clock."""
