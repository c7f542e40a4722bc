from odoo.exceptions import UserError


class GateError(UserError):
    """An opportunity cannot advance: some exit conditions of its stage are not met.

    Every client reads the message. The web client finds the same as data in the ``context`` of the error, under
    ``opportunity_gate``, and shows its dialog; see ``crm.lead.get_gate`` for the format.
    """

    def __init__(self, message, gate):
        super().__init__(message)
        self.context = {"opportunity_gate": gate}


class OfferError(UserError):
    """An offer cannot be accepted. The message is for the customer and tells nothing of the reasons."""
