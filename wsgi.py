"""What gunicorn serves."""

from __future__ import annotations

from portal.app import create_app

application = create_app()
