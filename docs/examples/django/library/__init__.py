"""A document library on Django. Each user has documents of their own, kept by `llmemory serve`."""
