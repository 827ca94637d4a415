"""The steps that a policy may set for a promotion, in words."""

from policy.web.process import APPLICATION, PROCESS

__all__ = ["APPLICATION", "PROCESS"]
