from odoo import api, models

FIRST_USE = "opportunity_crm_tour"


class WebTourTour(models.Model):
    """The guided first use takes the place of Odoo's own tour of CRM."""

    _inherit = "web_tour.tour"

    @api.model
    def consume(self, tourName):
        """Count Odoo's tour of CRM as seen with the first use, which shows the same and more.

        Odoo offers tours to administrators alone: to others, who asked for this one, no further tour is offered.
        """
        if tourName == FIRST_USE:
            super().consume("crm_tour")
            if not self.env.user._is_admin():
                self.env["res.users"].switch_tour_enabled(False)
        return super().consume(tourName)
