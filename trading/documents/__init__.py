"""Documents of trading as PDF: data in, bytes out."""
