from odoo import api, fields, models

# what the server says and nobody else
SERVER_FIELDS = frozenset(
    {"list_price", "bundle_price", "setup_list_fee", "pricelist_id", "currency_id", "company_id", "part_ids"}
    | {"price_subtotal", "price_tax", "price_total", "setup_subtotal", "setup_total"}
    | {"setup_product_id", "trial_days", "term_months"}
)
PRICE_FIELDS = frozenset({"price_unit", "discount", "setup_fee", "quantity", "product_uom_id"})
CONTENT_FROZEN = ("name", "recurring_plan_id", "bundle_price", "setup_fee", "list_price", "price_unit", "tax_ids")
CONTENT_FIELDS = frozenset({"product_id", "bundle_id", "combo_item_ids"})


class OpportunityLine(models.Model):
    """What a customer of an opportunity is interested in: a product or a bundle, how much of it and at which price; or
    a section or note between those.

    ``list_price`` is what the customer's pricelist says, ``price_unit`` what is offered before ``discount``: the same,
    until somebody offers a special price. Both are for one unit, in ``currency_id``; of a recurring line, for one
    period of ``recurring_plan_id``. What a bundle was when it was chosen (parts, price, set-up, trial, term) stays.
    """

    _name = "opportunity.line"
    _description = "Opportunity Line"
    _order = "lead_id, sequence, id"
    _check_company_auto = True

    lead_id = fields.Many2one("crm.lead", string="Opportunity", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    display_type = fields.Selection(
        [("line_section", "Section"), ("line_subsection", "Subsection"), ("line_note", "Note")], default=False
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True), ('opportunity_ok', '=', True), '|', ('opportunity_template_ids', '=', False),"
        " ('opportunity_template_ids.family_id.revision_ids', '=', template_id)]",
    )
    bundle_id = fields.Many2one(
        "opportunity.bundle",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="['|', ('date_start', '=', False), ('date_start', '<=', 'today'),"
        " '|', ('date_end', '=', False), ('date_end', '>=', 'today')]",
    )
    is_bundle = fields.Boolean(compute="_compute_is_bundle", readonly=False, help="The line is for a bundle.")
    is_compound = fields.Boolean(compute="_compute_is_compound", help="The line is for a bundle or a combo.")
    template_id = fields.Many2one(related="lead_id.template_id")
    combo_item_ids = fields.Many2many(
        "product.combo.item",
        "opportunity_line_combo_item_rel",
        "line_id",
        "item_id",
        string="Combo Choices",
        compute="_compute_combo_item_ids",
        store=True,
        readonly=False,
        help="One product for each choice of the combo.",
    )
    combo_ids = fields.Many2many(related="product_id.combo_ids", string="Choices of the Combo")
    part_ids = fields.One2many("opportunity.line.part", "line_id", string="Parts", readonly=True, copy=False)
    name = fields.Text(string="Description", compute="_compute_name", store=True, readonly=False)
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        domain="[('id', 'in', allowed_uom_ids)]",
    )
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")
    recurring_plan_id = fields.Many2one(
        "crm.recurring.plan",
        compute="_compute_recurring_plan_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        help="How often the price is due. Empty when it is due once.",
    )

    _check_kind = models.Constraint(
        """CHECK((display_type IS NOT NULL AND product_id IS NULL AND bundle_id IS NULL AND quantity = 0)
              OR (display_type IS NULL AND (product_id IS NULL) <> (bundle_id IS NULL)))""",
        "A line has either a product or a subscription bundle; sections and notes have neither.",
    )
    _check_quantity = models.Constraint(
        "CHECK(display_type IS NOT NULL OR quantity > 0)",
        "The quantity of a product must be above zero. Remove the line if the customer does not want it.",
    )

    @api.depends("lead_id.company_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = line.lead_id._get_offer_company()

    @api.depends("bundle_id")
    def _compute_is_bundle(self):
        for line in self:
            line.is_bundle = bool(line.bundle_id)

    @api.depends("bundle_id", "product_id.type")
    def _compute_is_compound(self):
        for line in self:
            line.is_compound = line._is_compound()

    @api.depends("product_id")
    def _compute_combo_item_ids(self):
        """Choose the first product of each choice of a combo."""
        for line in self:
            line.combo_item_ids = line.product_id.combo_ids.mapped(lambda combo: combo.combo_item_ids[:1])

    @api.depends("product_id", "bundle_id")
    def _compute_name(self):
        for line in self:
            line.name = line._describe() or line.name

    def _describe(self):
        """Return the description of the product or bundle in the language of the customer."""
        line = self.with_context(lang=self.lead_id._get_offer_lang())
        if line.bundle_id:
            return "\n".join(filter(None, (line.bundle_id.name, line.bundle_id.description)))
        return line.product_id and line.product_id.get_product_multiline_description_sale()

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id.uom_id", "product_id.uom_ids")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.depends("product_id", "bundle_id")
    def _compute_recurring_plan_id(self):
        for line in self:
            line.recurring_plan_id = line.bundle_id.recurring_plan_id or line.product_id.opportunity_plan_id

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._prepare_line_values(vals) for vals in vals_list])
        lines._fix_offer()
        lines._freeze()
        given = [line.id for line, vals in zip(lines, vals_list, strict=True) if "price_unit" in vals]
        lines.browse(given)._mark_special_prices()
        lines._check_offered()
        lines._check_prices()
        return lines

    @api.model
    def _prepare_line_values(self, vals):
        """Return the values without those that only the server says; sections and notes have no quantity."""
        values = {name: value for name, value in vals.items() if name not in SERVER_FIELDS}
        if values.get("display_type", self.env.context.get("default_display_type")):
            values["quantity"] = 0
        return values

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name not in SERVER_FIELDS}
        if "lead_id" in vals:
            self._move_where_allowed(vals.pop("lead_id"))
        before = {line: line._get_content() for line in self} if CONTENT_FIELDS & vals.keys() else {}
        res = super().write(vals)
        changed = self.filtered(lambda line: line in before and line._get_content() != before[line])
        others = changed.filtered(lambda line: line._get_content()[:2] != before[line][:2])
        changed._change_content()
        if "price_unit" not in vals:
            others._forget_special_prices()
        else:
            self._mark_special_prices()
        if PRICE_FIELDS & vals.keys() or changed:
            self._check_prices()
        return res

    def _move_where_allowed(self, lead_id):
        lead = self.env["crm.lead"].browse(lead_id)
        lead.check_access("write")
        moved = self.filtered(lambda line: line.lead_id != lead)
        moved._move_to(lead)
        moved._check_offered()
        moved._check_prices()

    def _write_server_values(self, vals):
        """Write what only the server says, unchecked."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def action_open(self):
        """Open the line with its parts and terms, in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self._get_short_name(),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_content(self):
        return self.product_id, self.bundle_id, self.combo_item_ids

    def _change_content(self):
        self.sudo().part_ids.unlink()  # sudo: nobody may write parts directly
        self._freeze()
        self._check_offered()

    def _freeze(self):
        """Take over what product and bundle say now, parts and terms, before anybody changes those."""
        self.filtered(lambda line: line._is_compound())._freeze_parts()
        self._recompute_recordset(CONTENT_FROZEN)

    def _is_compound(self):
        """Is the line sold for one price that is made of several products?"""
        return bool(self.bundle_id or self.product_id.type == "combo")
