"""The panel's documents: data in, PDF bytes out."""
