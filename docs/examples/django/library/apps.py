import atexit

from django.apps import AppConfig
from llmemory_client import Client


class LibraryConfig(AppConfig):
    """Holds the one client of this process."""

    name = "library"
    llmemory: Client

    def ready(self) -> None:
        self.llmemory = Client.from_environment()
        atexit.register(self.llmemory.close)
