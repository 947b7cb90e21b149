"""Payment providers behind the port of the payments: the sandbox; real ones come with their accounts."""

from __future__ import annotations
