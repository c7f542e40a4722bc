from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formataddr


class OpportunitySequenceStep(models.Model):
    """From whom the e-mails of a step are."""

    _inherit = "opportunity.sequence.step"

    def _get_sender(self, lead):
        """Return the sender of an e-mail about an opportunity, and its author (``res.partner``).

        :raise UserError: when there is nobody, or nobody with an address
        """
        return getattr(self, f"_get_sender_{self.sender}")(lead)

    def _get_sender_owner(self, lead):
        owner = lead.user_id.filtered("active")
        if not owner.email:
            raise UserError(self.env._("The opportunity has no salesperson with an e-mail address. Assign one."))
        return owner.email_formatted, owner.partner_id

    def _get_sender_team(self, lead):
        team = lead.team_id.sudo()  # sudo: the alias of the team is on every e-mail
        leader = team.user_id.filtered("active")
        address = team.alias_full_name and formataddr((team.name, team.alias_full_name))
        if not address and not leader.email:
            raise UserError(self.env._("The sales team has neither an e-mail alias nor a leader with an address."))
        return address or leader.email_formatted, leader.partner_id or self._get_author(lead)

    def _get_sender_fixed(self, lead):
        return self.sender_email, self._get_author(lead)

    def _get_author(self, lead):
        return lead.user_id.filtered("active").partner_id or self.env.ref("base.partner_root")
