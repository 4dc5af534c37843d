"""News of this room for whoever listens above it."""

from django.dispatch import Signal

activity_recorded = Signal()
"""Something was done with a customer. Sent with ``activity`` when a held activity is written, and when a planned one
is marked as held; never for what is only planned."""
