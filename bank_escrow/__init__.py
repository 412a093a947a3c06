"""bank_escrow."""
