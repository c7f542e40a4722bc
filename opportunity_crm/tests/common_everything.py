from odoo.fields import Command

from .common import NOW
from .common_buy_link import BuyLinkBuilders
from .common_coverage import CoverageCase
from .common_followup import FollowupBuilders


class EverythingCase(FollowupBuilders, BuyLinkBuilders, CoverageCase):
    """Opportunities that have everything at once, and a look for what points nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shop()
        cls.customer.write({"city": "Ghent", "country_id": cls.env.ref("base.be").id})
        cls.add_step(cls.template, cls.first, "Call")
        cls.mail_template = cls.create_mail_template()
        cls.sequence = cls.create_sequence({"kind": "email"}, {"kind": "note", "timing": "delay", "delay_count": 5})
        cls.letter = cls.env["opportunity.letter.template"].create(
            {"name": "Hello", "subject": "For {{contact.name}}", "body": "<p>Hello</p>"}
        )
        cls.tag = cls.env["crm.tag"].create({"name": "Everything"})

    def create_everything(self, name="Everything"):
        """Return an opportunity of the rep that has everything."""
        lead = self.create_deal(name=name, template_id=self.template.id, tag_ids=self.tag.ids, team_id=self.team.id)
        lead.with_user(self.manager).coverage_group_ids = self.group
        self.env["opportunity.share"].with_user(self.rep).create(
            [
                {"lead_id": lead.id, "user_id": self.senior.id, "access": "read"},
                {"lead_id": lead.id, "team_id": self.team.id, "access": "edit"},
                {"lead_id": lead.id, "group_id": self.env.ref("base.group_user").id, "access": "read"},
            ]
        )
        self.send(lead)
        self.env["sale.order"].with_user(self.rep).browse(lead.action_create_order()["res_id"])
        self.env["calendar.event"].with_user(self.rep).with_context(no_mail_to_attendees=True).create(
            {
                "name": name,
                "start": NOW,
                "stop": NOW,
                "opportunity_id": lead.id,
                "partner_ids": [Command.set(self.rep.partner_id.ids)],
            }
        )
        self.sequence.with_user(self.rep).enroll(lead)
        self.env["opportunity.enrollment.step"]._run_batch()
        lead._add_to_file_box([{"name": f"{name}.txt", "raw": b"Kept"}])
        self.env["opportunity.letter"].with_user(self.rep)._draw_up(
            self.letter.with_user(self.rep), [(lead, lead.partner_id)]
        )
        lead.message_post(body="A note")
        lead.with_user(self.manager).action_advance(self.second.id, "By hand")
        lead.write({"next_action_date": NOW.date(), "next_action_note": "Write", "expected_revenue": 500})
        self.env.flush_all()
        return lead

    def find_orphans(self):
        """Return ``{(table, column, id)}`` of all rows that name a record which is not there, by whatever model and id
        they name it; what foreign keys hold needs no look."""
        self.env.flush_all()
        found = set()
        for model in self.env.registry.values():
            if model._abstract or not model._auto or model._transient:
                continue
            for field in model._fields.values():
                if field.type == "many2one_reference" and field.store:
                    owner = model._fields[field.model_field]
                    if owner.store:
                        found |= self._find_orphans_of(model._table, owner.name, field.name)
        return found

    def _find_orphans_of(self, table, owner, column):
        self.env.cr.execute(f'SELECT DISTINCT "{owner}" FROM "{table}" WHERE "{column}" > 0')  # pylint: disable=E8103
        orphans = set()
        for (name,) in self.env.cr.fetchall():
            if name not in self.env or not self.env[name]._auto:
                continue
            self.env.cr.execute(  # pylint: disable=E8103
                f'SELECT id FROM "{table}" AS row WHERE "{owner}" = %s AND "{column}" > 0 AND NOT EXISTS'
                f' (SELECT FROM "{self.env[name]._table}" AS kept WHERE kept.id = row."{column}")',
                [name],
            )
            orphans |= {(table, name, id_) for (id_,) in self.env.cr.fetchall()}
        return orphans
