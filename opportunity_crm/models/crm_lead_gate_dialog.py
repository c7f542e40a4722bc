from lxml import etree

from odoo import api, fields, models

from .opportunity_template_condition import UNFIT_TYPES

# What the form of the opportunity says of a field that holds in the dialog as well; the rest concerns its place there.
KEPT_ATTRIBUTES = ("widget", "options", "context", "domain", "placeholder", "teamField")


class CrmLead(models.Model):
    """What the web client needs to resolve the unmet conditions of an opportunity in its dialog."""

    _inherit = "crm.lead"

    has_exit_conditions = fields.Boolean(
        compute="_compute_has_exit_conditions", help="There is something to meet before the current stage is left."
    )

    @api.depends("template_stage_id", "won_status", "active")
    def _compute_has_exit_conditions(self):
        for lead in self:
            is_open = lead.template_stage_id and lead.active and lead.won_status == "pending"
            lead.has_exit_conditions = bool(is_open and lead._is_held_back())

    def _is_held_back(self):
        outline = self.template_id._get_outline(self.template_id._origin.id)
        is_gated = outline.stage_order != "free" or self.template_stage_id._origin.id in outline.conditions
        return is_gated or self._is_win_reason_next()

    @api.model
    def get_gate_form(self, names):
        """Return a form with fields of an opportunity, as its form shows them, to fill them in place.

        :param list names: technical names; those that are gone, cannot be edited or are not for the user are left out
        :return: ``{"arch", "models"}``, as for any view
        """
        form = etree.Element("form")
        known, view = self._get_view(self.env.ref("crm.crm_lead_view_form").id)
        for name in names:
            if name in self._fields and self._fields[name].type not in UNFIT_TYPES:
                form.extend(self._prepare_gate_field(name, known.xpath("//field[@name=$name]", name=name)))
        arch, view_fields = view.postprocess_and_fields(form, self._name)
        node = self.env["ir.ui.view"]._postprocess_access_rights(etree.fromstring(arch))
        fields_get = self.fields_get(view_fields[self._name], self._get_view_field_attributes())
        return {
            "arch": etree.tostring(node, encoding="unicode"),
            "models": {self._name: {"fields": fields_get}},
        }

    @api.model
    def _prepare_gate_field(self, name, known):
        """Return the node that shows a field in the dialog, and those of the fields on which its widget depends.

        :param list known: the nodes that show it in the form of the opportunity
        """
        field = self._fields[name]
        values = {"widget": "many2many_tags"} if field.type == "many2many" else {}
        if known and field.type != "html":  # people do not write a text together in a dialog
            values |= {key: known[0].get(key) for key in KEPT_ATTRIBUTES if known[0].get(key)}
        needed = [values.get("teamField"), field.type == "monetary" and field.get_currency_field(self)]
        return [
            etree.Element("field", name=name, **values),
            *(etree.Element("field", name=other, invisible="True") for other in needed if other),
        ]

    def _prepare_gate_means(self):
        """Return where a document for the opportunity goes, when a meeting is planned, whether there are quotations,
        or products to make one of.

        A document goes into the file box of the contact; into that of the opportunity where there is none, or none that
        the user may edit. It comes from the opportunity in any case, and is kept as :meth:`_get_file_box_place` says.
        """
        partner = self.partner_id
        box = partner if partner and partner.has_access("write") else self
        # sudo: a colleague's meeting counts as well; only its date is told
        meetings = self.sudo().calendar_event_ids.filtered(lambda meeting: meeting.stop > self.env.cr.now())
        return {
            "box_model": box._name,
            "box_id": box.id,
            "meeting_start": fields.Datetime.to_string(meetings.sorted("start")[:1].start) or "",
            "quotation_count": self.quotation_count,
            "has_products": bool(self._get_priced_lines()),
        }
