"""Rules of trading: pure functions and tables, no Django, no clock."""
