"""What gunicorn loads. It does not come up with a database role that passes row-level security."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cs_planner.settings")
application = get_wsgi_application()

from tenants.readiness import refuse_unsafe_role  # noqa: E402  Django has to be set up first

refuse_unsafe_role()
