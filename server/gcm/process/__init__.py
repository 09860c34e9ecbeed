"""Processes that work for strangers: what they say to the server, and what the kernel forbids them."""
