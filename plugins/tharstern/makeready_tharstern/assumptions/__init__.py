"""What nobody outside Tharstern could tell us. Each entry can be changed in a subscriber's settings.

No documentation of this API is public. What two independent client programs and the vendor's
partners show is *seen*, and stands in the code; everything else stands here, with its evidence,
so that one captured answer of a real site replaces a guess without a change of code.
"""

from makeready_tharstern.assumptions.site import Assumptions

__all__ = ["Assumptions"]
