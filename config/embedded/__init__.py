"""A real PostgreSQL and a real broker from packages of the index, for a machine that has neither installed.

``postgres.ensure()`` and ``valkey.ensure()`` give a server of ``PROMOTION_HOME`` that answers, making and starting
it where needed; any number of processes may call them at once. ``stop()`` ends it. Nothing else of the project knows
that these servers exist.
"""
