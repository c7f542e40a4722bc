from odoo import api, fields, models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    """Which products people may put on an opportunity, per company and, where wanted, per opportunity template.

    The idea is NexJ's list of opportunity products: an administrator specifies what users can sell.
    """

    _inherit = "product.template"

    opportunity_ok = fields.Boolean(
        string="Offered on Opportunities",
        company_dependent=True,
        help="People may put this product on opportunities of this company.",
    )
    opportunity_template_ids = fields.Many2many(
        "opportunity.template",
        "product_opportunity_template_rel",
        "product_tmpl_id",
        "template_id",
        string="Only on Templates",
        context={"active_test": False},
        help="The product is offered on opportunities of these templates only, in all their revisions. Leave empty to"
        " offer it on all opportunities.",
    )
    opportunity_plan_id = fields.Many2one(
        "crm.recurring.plan",
        string="Recurring Plan",
        ondelete="restrict",
        help="How often the price is due: given to the lines of opportunities. Leave empty for what is sold once.",
    )

    @api.model
    def _get_domain_offered(self, template, company):
        """Return the domain of the products, or variants, that may be put on opportunities.

        It is to be searched as the company, on which the flag depends.

        :param template: ``opportunity.template`` of the opportunities, may be empty
        :param company: ``res.company`` of the opportunities
        """
        reserved = Domain("opportunity_template_ids", "=", False)
        if template:
            reserved |= Domain("opportunity_template_ids.family_id", "in", template.family_id.ids)
        flagged = [("sale_ok", "=", True), ("active", "=", True), ("opportunity_ok", "=", True)]
        of_company = Domain("company_id", "=", False) | Domain("company_id", "parent_of", company.ids)
        return Domain(flagged) & of_company & reserved

    def action_offer_on_opportunities(self):
        """Let people put the products on opportunities of the current company."""
        self._set_offered(True)

    def action_offer_not_on_opportunities(self):
        """Offer the products no longer on opportunities of the current company; those that have them keep them."""
        self._set_offered(False)

    def _set_offered(self, offered):
        self.check_access("read")
        if self.env.user.has_group("sales_team.group_sale_manager"):
            # sudo: a sales manager says what is sold, without the right to change anything else of a product
            self.sudo().opportunity_ok = offered
        else:
            self.opportunity_ok = offered
