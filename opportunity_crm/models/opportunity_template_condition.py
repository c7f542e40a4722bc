from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import safe_eval

UNFIT_TYPES = ("one2many", "properties", "properties_definition", "json", "reference", "many2one_reference")


class OpportunityTemplateCondition(models.Model):
    """What must hold before an opportunity leaves a stage of its template for a later one."""

    _name = "opportunity.template.condition"
    _description = "Exit Condition"
    _inherit = ["opportunity.definition"]
    _order = "template_stage_id, sequence, id"

    _correctable = frozenset({"message"})

    template_stage_id = fields.Many2one(
        "opportunity.template.stage", string="Stage", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("steps", "Required steps are done"),
            ("fields", "Fields are filled"),
            ("domain", "The opportunity matches"),
            ("document", "A document is in the file box"),
            ("meeting", "A meeting was held"),
            ("quotation_sent", "A quotation was sent"),
            ("quotation_accepted", "A quotation was accepted"),
            ("min_days", "At least so many days in the stage"),
            ("max_days", "At most so many days in the stage"),
        ],
        string="Condition",
        required=True,
        default="steps",
    )
    severity = fields.Selection(
        [("block", "Block"), ("warn", "Warn")],
        string="If Not Met",
        required=True,
        default="block",
        help="Block: the opportunity stays until the condition is met or a manager overrides it. Warn: the person is"
        " told and may continue.",
    )
    field_ids = fields.Many2many(
        "ir.model.fields",
        string="Fields",
        domain=[("model", "=", "crm.lead"), ("readonly", "=", False), ("ttype", "not in", UNFIT_TYPES)],
        help="Fields of the opportunity, custom ones included, that must have a value.",
    )
    field_names = fields.Char(
        compute="_compute_field_names", store=True, help="Technical names, kept when a field goes."
    )
    domain = fields.Char(string="Must Match", default="[]")
    days = fields.Integer()
    message = fields.Char(
        string="What to Tell",
        translate=True,
        help="Shown instead of the general text to those who cannot advance yet, e.g. what the condition is for.",
    )
    summary = fields.Char(compute="_compute_summary")

    _check_days = models.Constraint("CHECK(days >= 0)", "The days of an exit condition cannot be negative.")

    def _get_templates(self):
        return self.template_stage_id.template_id

    @api.depends("field_ids")
    def _compute_field_names(self):
        for condition in self:
            # sudo: the names of fields are no secret, but only administrators may read all of their definitions
            names = condition.sudo().field_ids.mapped("name")
            condition.field_names = ",".join(sorted(names))

    @api.depends("kind", "field_ids", "domain", "days", "message")
    def _compute_summary(self):
        for condition in self:
            condition.summary = condition.message or condition._get_text()

    def _get_text(self):
        """Return the condition in words, for those who read or meet it."""
        return {
            "steps": self.env._("The required steps of the stage are done"),
            "fields": self.env._("Filled in: %s", ", ".join(self._get_field_labels())),
            "domain": self.env._("The opportunity matches what the template asks for"),
            "document": self.env._("A document is in the file box"),
            "meeting": self.env._("A meeting was held"),
            "quotation_sent": self.env._("A quotation was sent"),
            "quotation_accepted": self.env._("A quotation was accepted"),
            "min_days": self.env._("At least %s days in this stage", self.days),
            "max_days": self.env._("At most %s days in this stage", self.days),
        }[self.kind]

    def _get_field_names(self):
        """Return the technical names of the fields that must be filled, those that are gone included."""
        return self.field_names.split(",") if self.field_names else []

    def _get_field_labels(self, names=None):
        leads = self.env["crm.lead"]
        return [
            leads._fields[name]._description_string(self.env)
            for name in (self._get_field_names() if names is None else names)
            if name in leads._fields
        ]

    def _get_domain(self):
        """Return the domain that must hold, as the user who asks would read it; raises what makes it invalid."""
        return Domain(safe_eval.safe_eval(self.domain or "[]", self._get_eval_context()))

    def _get_eval_context(self):
        # what Odoo's domain widget writes: plain dates and the user's id; never a record, which would open the database
        return {
            "uid": self.env.uid,
            "datetime": safe_eval.datetime,
            "dateutil": safe_eval.dateutil,
            "time": safe_eval.time,
            "context_today": lambda: fields.Date.context_today(self),
        }

    def _get_domain_field_names(self):
        """Return the fields of the opportunity on which the domain looks; none when it cannot be read any more."""
        try:
            domain = self._get_domain()
        except Exception:
            return []
        names = {condition.field_expr.split(".")[0] for condition in domain.iter_conditions()}
        return sorted(names & self.env["crm.lead"]._fields.keys())

    @api.constrains("kind", "field_ids")
    def _check_fields(self):
        for condition in self.filtered(lambda condition: condition.kind == "fields"):
            chosen = condition.field_ids
            if not chosen:
                raise ValidationError(
                    self.env._(
                        "Choose the fields that must be filled before “%s” is left.", condition._get_stage_name()
                    )
                )
            unfit = chosen.filtered(lambda field: field.model != "crm.lead" or field.ttype in UNFIT_TYPES)
            if unfit:
                raise ValidationError(
                    self.env._(
                        "Nobody could fill in %s on an opportunity. Choose other fields.",
                        ", ".join(unfit.mapped("field_description")),
                    )
                )

    @api.constrains("kind", "domain")
    def _check_domain(self):
        leads = self.env["crm.lead"]
        for condition in self.filtered(lambda condition: condition.kind == "domain"):
            try:
                domain = condition._get_domain()
                with self.env.cr.savepoint():
                    leads.search(domain, limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(stage)s” cannot be evaluated: %(reason)s Please correct it.",
                        stage=condition._get_stage_name(),
                        reason=error,
                    )
                ) from error
            if domain.is_true():
                raise ValidationError(
                    self.env._("Say what an opportunity must match before it leaves “%s”.", condition._get_stage_name())
                )

    @api.constrains("kind", "days", "template_stage_id")
    def _check_days_possible(self):
        for stage in self.template_stage_id:
            limits = stage.condition_ids.filtered(lambda condition: condition.kind in ("min_days", "max_days"))
            if limits.filtered(lambda condition: condition.days <= 0):
                raise ValidationError(
                    self.env._("How many days? Please set them on the exit condition of “%s”.", stage.stage_id.name)
                )
            least = max(limits.filtered(lambda condition: condition.kind == "min_days").mapped("days"), default=0)
            most = min(limits.filtered(lambda condition: condition.kind == "max_days").mapped("days"), default=least)
            if least > most:
                raise ValidationError(
                    self.env._(
                        "No opportunity could leave “%(stage)s”: at least %(least)s and at most %(most)s days.",
                        stage=stage.stage_id.name,
                        least=least,
                        most=most,
                    )
                )

    @api.constrains("kind", "template_stage_id")
    def _check_won_stage(self):
        for condition in self.filtered("template_stage_id.is_won"):
            raise ValidationError(
                self.env._(
                    "Nobody advances from a won stage: “%s” needs no exit conditions.", condition._get_stage_name()
                )
            )

    def _get_stage_name(self):
        return self.template_stage_id.stage_id.name
