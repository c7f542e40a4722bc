from odoo.fields import Command

from .common import OpportunityCase


class OrderCase(OpportunityCase):
    """A customer, products and bundles that are sold on opportunities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "VAT 20 %", "amount": 20, "type_tax_use": "sale"})
        cls.monthly = cls.create_plan("Monthly", 1)
        cls.customer = cls.env["res.partner"].create({"name": "Bakers Ltd", "email": "buyer@example.com"})
        cls.oven = cls.create_product("Oven", 1000)
        cls.tray = cls.create_product("Tray", 10)
        cls.fee = cls.create_product("Set-up", 0)
        cls.care = cls.create_bundle(
            "Oven Care", {cls.create_product("Visit", 60): 1, cls.create_product("Line", 40): 2}
        )

    @classmethod
    def create_plan(cls, name, months):
        return cls.env["crm.recurring.plan"].create({"name": name, "number_of_months": months})

    @classmethod
    def create_product(cls, name, price, **values):
        values = {"type": "service", "invoice_policy": "order", "taxes_id": cls.tax.ids, **values}
        return cls.env["product.product"].create({"name": name, "list_price": price, **values})

    @classmethod
    def create_bundle(cls, name, products, **values):
        """Create a bundle; ``products`` is a dict of products and their quantities."""
        parts = [Command.create({"product_id": product.id, "quantity": n}) for product, n in products.items()]
        values = {"recurring_plan_id": cls.monthly.id, "price": 99.99, "setup_product_id": cls.fee.id, **values}
        return cls.env["opportunity.bundle"].create({"name": name, "line_ids": parts, **values})

    @classmethod
    def create_deal(cls, *lines, user=None, **values):
        """Create an opportunity of the customer; each line is a product, a bundle, or a dict of values."""
        commands = [Command.create(cls.prepare_line(line)) for line in lines]
        return cls.create_lead(user, **{"partner_id": cls.customer.id, "line_ids": commands, **values})

    @classmethod
    def prepare_line(cls, line):
        if isinstance(line, dict):
            return line
        return {"bundle_id" if line._name == "opportunity.bundle" else "product_id": line.id}

    @classmethod
    def order(cls, lead):
        """Create the order as the person of the record does, and return it."""
        return cls.env["sale.order"].with_user(lead.env.user).browse(lead.action_create_order()["res_id"])
