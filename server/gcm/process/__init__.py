"""Processes that work for strangers or beside the server.

What they say to it, what the kernel forbids them, how they give way, how they work in a folder of others.
"""
