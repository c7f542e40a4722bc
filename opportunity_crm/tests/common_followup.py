from datetime import datetime

from odoo.addons.opportunity_crm.models.opportunity_sequence_step import WEEKDAYS

from .common import OpportunityCase

WEEKEND = dict.fromkeys(WEEKDAYS[5:], False)


class FollowupBuilders:
    """Builders of sequences and their templates."""

    @classmethod
    def create_mail_template(cls, **values):
        return cls.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "subject": "About {{ object.name }}",
                "body_html": '<p>Dear <t t-out="object.partner_id.name"/></p>',
                **values,
            }
        )

    @classmethod
    def create_sequence(cls, *steps, activate=True, **values):
        """Create a sequence of steps given as dictionaries, and activate it."""
        sequence = cls.env["opportunity.sequence"].create(
            {"name": "Follow up", "step_ids": [(0, 0, cls.prepare_step(n, **step)) for n, step in enumerate(steps)]}
            | values
        )
        if activate:
            sequence.action_activate()
        return sequence

    @classmethod
    def prepare_step(cls, number, kind="note", **values):
        if kind == "email" and "template_id" not in values:
            values["template_id"] = cls.mail_template.id
        return {"name": f"Step {number + 1}", "sequence": number, "kind": kind, "timing": "now", **values}


class FollowupCase(FollowupBuilders, OpportunityCase):
    """Sequences, and the engine by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mail_template = cls.create_mail_template()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ann Customer", "email": "ann@example.com", "tz": "Europe/Brussels"}
        )
        cls.engine = cls.env["opportunity.enrollment.step"]

    def start(self, sequence, *leads):
        """Start opportunities as the sales rep; return the enrolments."""
        leads = self.env["crm.lead"].with_user(self.rep).browse([lead.id for lead in leads])
        result = sequence.with_user(self.rep).enroll(leads)
        self.assertFalse(result["refused"])
        return self.env["opportunity.enrollment"].browse(result["enrolled"])

    def run_engine(self, moment=None):
        """Run a batch at a moment."""
        with self.at(moment or datetime.now()):
            claimed = self.engine._run_batch()
            self.env.flush_all()
            self.env.invalidate_all()
        return claimed

    def states(self, enrollment):
        return [row.state for row in enrollment.step_ids]
