from datetime import date, datetime, timedelta

from .common import NOW, OpportunityCase


class TimelineCase(OpportunityCase):
    """A customer with people, a deal, and builders of what happens to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.household = cls.env["res.partner"].create({"name": "Bakers Ltd", "is_company": True})
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Ms Baker", "email": "baker@example.com", "parent_id": cls.household.id}
        )
        cls.lead = cls.create_lead(partner_id=cls.buyer.id)
        cls.call = cls.env.ref("mail.mail_activity_data_call")

    def plan(self, document=None, summary="Call", day=date(2026, 3, 4), user=None, **values):
        document = document or self.lead
        return self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(document._name),
                "res_id": document.id,
                "activity_type_id": self.call.id,
                "summary": summary,
                "date_deadline": day,
                "user_id": (user or self.rep).id,
                **values,
            }
        )

    def meet(self, name="Demo", start=NOW - timedelta(days=1), user=None, **values):
        values = {"opportunity_id": self.lead.id, "partner_ids": [(6, 0, self.rep.partner_id.ids)], **values}
        return (
            self.env["calendar.event"]
            .with_user(user or self.rep)
            .with_context(no_mail_to_attendees=True)
            .create({"name": name, "start": start, "stop": start + timedelta(hours=1), **values})
        )

    def post(self, kind="note", document=None, day=1, **values):
        """Log a message of a kind, as Odoo stores it."""
        types = {"note": "comment", "sent": "comment", "received": "email"}
        author = self.buyer if kind == "received" else self.rep.partner_id
        document = document or self.lead
        return self.env["mail.message"].create(
            {
                "model": document._name,
                "res_id": document.id,
                "message_type": types[kind],
                "subtype_id": self.env.ref("mail.mt_note" if kind == "note" else "mail.mt_comment").id,
                "author_id": author.id,
                "date": datetime(2026, 2, day, 8),
                "body": f"<p>{kind}</p>",
                **values,
            }
        )

    def click(self, lead=None):
        """Let the customer follow a link of a follow-up e-mail."""
        sequence = self.env["opportunity.sequence"].create(
            {"name": "Follow up", "step_ids": [(0, 0, {"name": "Write", "kind": "note", "timing": "now"})]}
        )
        enrollment = self.env["opportunity.enrollment"].create(
            {"lead_id": (lead or self.lead).id, "sequence_id": sequence.id, "date_start": NOW, "state": "stopped"}
        )
        row = self.env["opportunity.enrollment.step"].create(
            {"enrollment_id": enrollment.id, "step_id": sequence.step_ids.id, "date_due": NOW, "state": "done"}
        )
        link = self.env["link.tracker"].create({"url": "https://bakers.example/offer", "title": "The offer"})
        return self.env["link.tracker.click"].create({"link_id": link.id, "enrollment_step_id": row.id})

    def view(self, lead=None, day=datetime(2026, 2, 20, 10)):
        """Let the customer look at a Buy Now link."""
        return self.env["opportunity.buy.link"].create(
            {
                "lead_id": (lead or self.lead).id,
                "partner_id": self.buyer.id,
                "user_id": self.rep.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "date_sent": day,
                "date_expiry": day + timedelta(days=30),
                "date_viewed": day,
                "view_count": 3,
            }
        )

    def look(self, lead=None, user=None, **arguments):
        self.env.flush_all()
        self.env.invalidate_all()
        return (lead or self.lead).with_user(user or self.rep).get_timeline(**arguments)

    def kinds(self, **arguments):
        return [entry["kind"] for entry in self.look(**arguments)["entries"]]

    def keys(self, page):
        return [(entry["kind"], entry["id"]) for entry in page["entries"]]
