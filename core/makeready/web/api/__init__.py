"""The frame of the JSON API: routes, OpenAPI, problems, idempotency. Its operations belong to the rooms."""
