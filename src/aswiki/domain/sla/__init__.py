"""Availability, what an outage owes, and until when it can be claimed."""
