"""The contracts of connectors, as tests that they inherit: a file for each part of the contract."""
