"""Who may ask the desk for what: hosts, origins, tokens, sizes and rates, and response headers.

Each check is an ASGI application around the next, so that streams pass through untouched. `guard`
puts them in order.
"""

from quatrain.studio.security.guards import guard, guard_requests
from quatrain.studio.security.tokens import current_user

__all__ = ["current_user", "guard", "guard_requests"]
