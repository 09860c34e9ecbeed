"""The desk of the running application, where proposals lie; a server without one only reads."""

from flask import current_app

from gcm.desk import Desk

#: Where the application keeps its desk.
DESK = "gcm.desk"


def find_desk() -> Desk | None:
    """Give the desk of the running application; None if it has none."""
    found = current_app.extensions.get(DESK)
    assert found is None or isinstance(found, Desk)  # create_app puts nothing else there
    return found
