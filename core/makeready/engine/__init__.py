"""The engine: durable work is claimed, done, retried. Flows never know which engine runs them."""

from makeready.engine.running import keep_running
from makeready.engine.worker import Again, Engine, Handler, again_after, backoff_s

__all__ = ["Again", "Engine", "Handler", "again_after", "backoff_s", "keep_running"]
