"""The kinds of rooms: each decides who may follow which streams; the hub knows none of them."""
