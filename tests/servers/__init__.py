"""The real programs the tests run against: PostgreSQL, gunicorn, Chromium and the HTML checker."""
