"""The promise put to the test: a stream of orders, processes killed at random, a vendor that lies."""
