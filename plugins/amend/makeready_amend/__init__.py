"""Orders that the MIS has taken are changed or cancelled there, as the shop shows them now, once a person says so."""
