"""The API's functions, one module per subject, and the way of a request to them."""
