from .common import OpportunityCase


class TestLetterTemplate(OpportunityCase):
    def test_merge(self):
        template = self.env["opportunity.letter.template"].create(
            {"name": "A", "subject": "For {{contact.name}}", "body": "<p>{{contact.greeting}}</p><p>{{today}}</p>"}
        )
        partner = self.env["res.partner"].create({"name": "<b>Ann"})
        lead = self.create_lead(partner_id=partner.id)
        print(template.with_user(self.rep)._merge([(lead, partner), (lead.browse(), partner)]))
        keys = self.env["opportunity.letter.field"]._get_labels()
        print(self.env["opportunity.letter.field"]._get_values(list(keys), template, [(lead, partner)]))
        self.fail()
