"""An engine elsewhere in the place of our own store, spoken to by the protocols of SPARQL 1.1.

Here is what everybody needs: the seam, and the address of such a store. What speaks to it is imported from
its modules, by those who have one: a server on a store of its own starts without it.
"""

from gcm.remote.endpoint import Endpoint, is_remote, read_endpoint
from gcm.remote.seam import Statements

__all__ = ["Endpoint", "Statements", "is_remote", "read_endpoint"]
