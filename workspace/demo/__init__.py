"""The demo: a vendor whose days look like the screens of the design, always as of the day it is loaded."""
