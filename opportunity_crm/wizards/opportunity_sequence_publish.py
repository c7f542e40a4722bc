from odoo import fields, models


class OpportunitySequencePublish(models.TransientModel):
    """Says what the next revision of a live sequence does to those in it, and publishes it."""

    _name = "opportunity.sequence.publish"
    _description = "Publish a Revision of a Follow-up Sequence"

    edition_id = fields.Many2one("opportunity.sequence", required=True, ondelete="cascade")
    text = fields.Text(related="edition_id.publication_text", string="What Happens")

    def action_publish(self):
        """Publish the revision and open the live sequence."""
        self.ensure_one()
        self.edition_id.check_access("write")
        return self.edition_id._publish()
