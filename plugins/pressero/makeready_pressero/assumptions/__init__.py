"""What could not be learned about Pressero without an account. Each entry can be changed in settings.

The vendor's REST reference is not public. What client programs in production send and read is *seen*
and stands in the code; what was only inferred stands here, with its evidence. Paths are below ``/api/``; an empty
path means: this account has no such call.
"""

from makeready_pressero.assumptions.orders import Assumptions

__all__ = ["Assumptions"]
