"""Every RDF syntax, from bytes that nobody vouches for: where each statement stands, and how to mend it."""

from gcm.syntax.apply import apply
from gcm.syntax.forms import form_of
from gcm.syntax.locate import Locator
from gcm.syntax.read import Reading, Statement, read
from gcm.syntax.trace import Part, Term

__all__ = ["Locator", "Part", "Reading", "Statement", "Term", "apply", "form_of", "read"]
