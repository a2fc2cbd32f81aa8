"""The doors: web, worker, schedule and command line; thin."""
