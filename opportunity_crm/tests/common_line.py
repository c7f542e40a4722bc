from contextlib import contextmanager

from odoo.fields import Command

from .common import OpportunityCase


class LineCase(OpportunityCase):
    """Products, a customer with a pricelist of their own (10 % less), a bundle, and recurring plans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.config.settings"].create({"group_product_pricelist": True}).execute()
        cls.monthly = cls.env.ref("crm.crm_recurring_plan_monthly")
        cls.yearly = cls.env.ref("crm.crm_recurring_plan_yearly")
        cls.crate = cls.create_product("Crate", 100)
        cls.visit = cls.create_product("Visit", 60, type="service")
        cls.setup = cls.create_product("Set-Up", 0, type="service")
        cls.monitoring = cls.create_product("Monitoring", 40, type="service", opportunity_plan_id=cls.monthly.id)
        cls.pricelist = cls.create_pricelist("Friends", 10)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer", "property_product_pricelist": cls.pricelist.id}
        )
        cls.bundle = cls.create_bundle("Care", {cls.monitoring: 1, cls.visit: 2}, price=120, setup_fee=50)

    @classmethod
    def create_product(cls, name, price, **values):
        values = {"type": "consu", "taxes_id": False, **values}
        return cls.env["product.product"].create({"name": name, "list_price": price, **values})

    @classmethod
    def create_pricelist(cls, name, percent, currency=None, **values):
        item = {"compute_price": "percentage", "percent_price": percent}
        currency = currency or cls.env.company.currency_id
        return cls.env["product.pricelist"].create(
            {"name": name, "currency_id": currency.id, "item_ids": [Command.create(item)], **values}
        )

    @classmethod
    def create_bundle(cls, name, products, **values):
        """Create a bundle; ``products`` is ``{product: quantity}``."""
        lines = [
            Command.create({"product_id": product.id, "quantity": quantity}) for product, quantity in products.items()
        ]
        values = {"recurring_plan_id": cls.monthly.id, "setup_product_id": cls.setup.id, **values}
        return cls.env["opportunity.bundle"].create({"name": name, "line_ids": lines, **values})

    @classmethod
    def create_currency(cls, name, rate=None):
        """Create a currency; ``rate`` is how much of it one unit of the company's currency is."""
        currency = cls.env["res.currency"].create({"name": name, "symbol": name, "rounding": 0.01})
        if rate:
            cls.env["res.currency.rate"].create({"currency_id": currency.id, "rate": rate, "name": "2020-01-01"})
        return currency

    def add_line(self, lead, product=None, bundle=None, user=None, **values):
        values |= {"product_id": product.id} if product else {"bundle_id": bundle.id} if bundle else {}
        lines = self.env["opportunity.line"].with_user(user or self.rep)
        return lines.create({"lead_id": lead.id, **values})

    @contextmanager
    def assertRefused(self, exception, message):
        """The exception is raised with that message, and nothing stays of what raised it."""
        with self.assertRaises(exception) as caught:
            yield
            self.env.flush_all()
        self.assertRegex(str(caught.exception), message)
