#!/usr/bin/python3
import os
import signal
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "library.settings")
    # An orderly end runs what atexit holds.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    execute_from_command_line(sys.argv)
