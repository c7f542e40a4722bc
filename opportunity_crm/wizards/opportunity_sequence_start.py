from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html_sanitize

SHOWN = 5  # opportunities that are named for each thing that is missing


class OpportunitySequenceStart(models.TransientModel):
    """Start a follow-up sequence for one opportunity or thousands, having seen what it will send and to whom not."""

    _name = "opportunity.sequence.start"
    _description = "Start a Sequence"

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", required=True, readonly=True, context={"active_test": False}
    )
    lead_count = fields.Integer(string="Chosen", compute="_compute_lead_count")
    sequence_id = fields.Many2one(
        "opportunity.sequence",
        compute="_compute_sequence_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_sequence_ids)]",
    )
    available_sequence_ids = fields.Many2many("opportunity.sequence", compute="_compute_available_sequence_ids")
    description = fields.Text(compute="_compute_description")
    hold_reason = fields.Char(related="sequence_id.hold_reason")
    ready_count = fields.Integer(string="Will Start", compute="_compute_missing")
    blocked_count = fields.Integer(string="Cannot Start", compute="_compute_missing")
    missing = fields.Json(compute="_compute_missing")
    preview_lead_id = fields.Many2one(
        "crm.lead",
        string="As for",
        compute="_compute_preview_lead_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', lead_ids)]",
        help="The opportunity for which dates and texts are shown.",
    )
    preview = fields.Json(compute="_compute_preview")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "lead_ids" in fields and self.env.context.get("active_model") == "crm.lead":
            values.setdefault("lead_ids", self.env.context.get("active_ids", []))
        return values

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for wizard in self:
            wizard.lead_count = len(wizard.lead_ids)

    @api.depends("lead_ids")
    def _compute_available_sequence_ids(self):
        for wizard in self:
            companies = [False, *wizard.lead_ids.company_id.ids]
            domain = Domain("state", "=", "live")
            if wizard.lead_ids.filtered("company_id"):
                domain &= Domain("company_id", "in", companies)
            wizard.available_sequence_ids = self.env["opportunity.sequence"].search(domain)

    @api.depends("lead_ids")
    def _compute_sequence_id(self):
        """Propose the only sequence there is."""
        for wizard in self:
            available = wizard.available_sequence_ids
            wizard.sequence_id = available if len(available) == 1 else False

    @api.depends("sequence_id")
    def _compute_description(self):
        for wizard in self:
            wizard.description = wizard.sequence_id.description

    @api.depends("lead_ids", "sequence_id")
    def _compute_preview_lead_id(self):
        """Show the first opportunity that can start, or the first."""
        for wizard in self:
            leads = wizard._get_leads()
            blocked = set(wizard._get_blocked(wizard._find_missing()))
            ready = leads.browse(lead.id for lead in leads if lead not in blocked)
            wizard.preview_lead_id = (ready or leads)[:1]

    @api.depends("lead_ids", "sequence_id", "preview_lead_id")
    def _compute_preview(self):
        for wizard in self:
            lead = wizard._get_preview_lead()
            wizard.preview = wizard._prepare_preview(lead)["steps"] if wizard.sequence_id and lead else False

    @api.depends("lead_ids", "sequence_id")
    def _compute_missing(self):
        for wizard in self:
            found = wizard._find_missing()
            if len(wizard.lead_ids) == 1 and wizard.sequence_id and not wizard._is_forbidden(found):
                found = wizard._find_missing_of_one()
            blocked = len(wizard._get_blocked(found))
            wizard.blocked_count = blocked
            wizard.ready_count = len(wizard.lead_ids) - blocked if wizard.sequence_id else 0
            wizard.missing = wizard._group_missing(found)

    def _get_leads(self):
        return self.lead_ids._origin

    def _get_preview_lead(self):
        """Return the opportunity to show, one of those chosen and no other."""
        return self.preview_lead_id._origin & self._get_leads()

    def _prepare_preview(self, lead):
        """Return the preview; what is shown of e-mails is made harmless."""
        preview = self.sequence_id._origin._preview(lead)
        for step in preview["steps"]:
            step["error"] = step.pop("note")
            step["state"] = "planned" if step["state"] == "due" else step["state"]
            step["body"] = step["body"] and str(html_sanitize(step["body"]))
            step["date"] = step["date"] and fields.Datetime.to_string(step["date"])
            del step["local"]
        return preview

    def _is_forbidden(self, found):
        return any(entry["kind"] == "access" for entries in found.values() for entry in entries)

    def _find_missing_of_one(self):
        """Return what the one opportunity lacks, with what only writing its e-mails tells."""
        lead = self._get_leads()
        return {lead: self._prepare_preview(lead)["missing"]}

    def _find_missing(self):
        """Return what opportunities lack: ``{lead: [entries]}``, see :meth:`opportunity.sequence._find_missing`."""
        sequence, leads = self.sequence_id._origin, self._get_leads()
        if not sequence or not leads:
            return {}
        editable = leads._filtered_access("write")
        text = self.env._("You may not edit it.")
        found = {lead: [sequence._prepare_missing("access", text)] for lead in leads - editable}
        return {**found, **sequence._find_missing(editable)}

    def _get_blocked(self, found):
        """Return the opportunities that do not start."""
        return [lead for lead, entries in found.items() if any(entry["is_blocking"] for entry in entries)]

    def _group_missing(self, found):
        """Return what is missing with those that lack it, what blocks first, then by how many."""
        groups = {}
        for lead, entries in found.items():
            for entry in entries:
                groups.setdefault((entry["text"], entry["is_blocking"]), []).append(lead)
        ordered = sorted(groups.items(), key=lambda item: (not item[0][1], -len(item[1]), item[0][0]))
        return [self._prepare_group(text, is_blocking, leads) for (text, is_blocking), leads in ordered] or False

    def _prepare_group(self, text, is_blocking, leads):
        label = text if len(self.lead_ids) == 1 else self.env._("%(count)s × %(text)s", count=len(leads), text=text)
        return {
            "text": label,
            "is_blocking": is_blocking,
            "leads": [{"id": lead.id, "name": lead.name} for lead in leads[:SHOWN]],
            "more": max(len(leads) - SHOWN, 0),
        }

    def action_start(self):
        """Start the sequence for those that can, and tell how many could not and why."""
        self.ensure_one()
        if not self.sequence_id:
            raise UserError(self.env._("Which sequence? Choose one."))
        leads = self.lead_ids._filtered_access("write")
        result = self.sequence_id.enroll(leads)
        return self._prepare_result(len(result["enrolled"]))

    def action_open_blocked(self):
        """Open the opportunities that cannot start, to mend what they lack."""
        self.ensure_one()
        ids = [lead.id for lead in self._get_blocked(self._find_missing())]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cannot Start “%s”", self.sequence_id.name),
            "res_model": "crm.lead",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
            "context": {"active_test": False},
        }

    def _prepare_result(self, started):
        left = len(self.lead_ids) - started
        if len(self.lead_ids) == 1 and started:
            message = self.env._("“%(sequence)s” has started.", sequence=self.sequence_id.name)
        else:
            message = self.env._(
                "“%(sequence)s” has started for %(count)s opportunities.", sequence=self.sequence_id.name, count=started
            )
        if left:
            message = f"{message} {self.env._('%s could not start.', left)}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": message,
                "sticky": bool(left),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
