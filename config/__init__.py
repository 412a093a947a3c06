"""Settings, root urls and the ASGI entrance; nothing imports this package."""
