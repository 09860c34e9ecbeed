"""Versions that are not published: the graph as a proposal would make it, and what differs then."""

from gcm.preview.order import Order
from gcm.preview.outcome import Outcome
from gcm.preview.shelf import Previews

__all__ = ["Order", "Outcome", "Previews"]
