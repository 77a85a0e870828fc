"""The guided start of a company: from nothing to its first order in the MIS, step by step."""
