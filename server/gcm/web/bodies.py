"""How long the body of a request may be: queries are short, files are not."""

from gcm.limits import Limits

#: Addresses to which files are sent, and what stands below them.
UPLOADS = ("/proposals",)


def longest_body(path: str, limits: Limits) -> int:
    """Give the most bytes that a body may have at an address."""
    is_upload = any(path == each or path.startswith(f"{each}/") for each in UPLOADS)
    return int(limits.upload_bytes if is_upload else limits.body_bytes)
