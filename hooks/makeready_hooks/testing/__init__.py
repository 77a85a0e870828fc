"""For developers of connectors: what an emulator offers, and the contract kit (extra ``testing``)."""
