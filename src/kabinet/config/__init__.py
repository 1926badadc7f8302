"""How a process is put together: settings, addresses, the web process and the worker."""
