"""The engine: durable work is claimed, done, retried. Flows never know which engine runs them."""

from makeready.engine.worker import Again, Engine, Handler, backoff_s

__all__ = ["Again", "Engine", "Handler", "backoff_s"]
