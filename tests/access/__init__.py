"""Odoo's screens looked at as people with a keyboard, a screen reader or a phone meet them."""
