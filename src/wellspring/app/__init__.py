"""The composition root: the ASGI application, the worker, the command line; the only place that knows every domain."""
