"""What `./dev` does: setting up, starting, checking. Standard library only; no Django."""
