"""What `make` calls: assemble Odoo 19, run it, test against it. Standard library only."""
