"""Pages of calls, webhooks, work and alerts."""
