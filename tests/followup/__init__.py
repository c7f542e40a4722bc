"""Proof of the follow-up engine: real worker processes on a database of their own, and a mail server on loopback."""
