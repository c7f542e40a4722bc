from odoo import api, fields, models

QUOTATION_RULES = ("opportunity_crm.sale_order_rule_granted", "opportunity_crm.sale_order_line_rule_granted")


class ResConfigSettings(models.TransientModel):
    """Settings of CRM: what a share of an opportunity includes, and who sees documents."""

    _inherit = "res.config.settings"

    opportunity_share_quotations = fields.Boolean(
        string="Share Quotations with the Opportunity",
        help="Who is granted an opportunity by a share or by coverage may also read its quotations and orders.",
    )
    opportunity_file_box_scope = fields.Selection(
        [
            ("contact", "Everyone who sees the contact"),
            ("opportunity", "Only those who see that opportunity"),
        ],
        string="Documents of Opportunities",
        config_parameter="opportunity_crm.file_box_scope",
        default="contact",
        required=True,
        help="Who sees, in the file box of the contact, the documents that were uploaded from an opportunity. It holds"
        " at once, for documents that are there as well.",
    )

    @api.model
    def get_values(self):
        rules = self._get_quotation_rules()
        return {**super().get_values(), "opportunity_share_quotations": all(rules.mapped("active"))}

    def set_values(self):
        res = super().set_values()
        rules = self._get_quotation_rules()
        if any(rule.active != self.opportunity_share_quotations for rule in rules):
            rules.active = self.opportunity_share_quotations
        return res

    @api.model
    def _get_quotation_rules(self):
        # sudo: whoever may change the settings of CRM may switch these two rules, and no others
        return self.env["ir.rule"].sudo().concat(*(self.env.ref(name).sudo() for name in QUOTATION_RULES))
