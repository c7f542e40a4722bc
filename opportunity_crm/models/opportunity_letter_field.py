from odoo import api, models


class OpportunityLetterField(models.AbstractModel):
    """The merge fields that a letter may have: this list, and nothing else."""

    _name = "opportunity.letter.field"
    _description = "Merge Field of Letters"

    # Those that are a table, in a paragraph of their own.
    _blocks = frozenset({"lines.table"})

    @api.model
    def get_groups(self):
        """Return the merge fields for those who choose one, in the user's language:
        ``[{"name": …, "fields": [{"key": …, "label": …, "is_block": …}]}]``."""
        return [
            {
                "name": name,
                "fields": [
                    {"key": key, "label": label, "is_block": key in self._blocks} for key, label in labels.items()
                ],
            }
            for name, labels in self._get_groups()
        ]

    def _get_labels(self):
        """Return the names of all merge fields with their labels, as ``{"contact.name": "Name of the Contact"}``."""
        return {key: label for _name, labels in self._get_groups() for key, label in labels.items()}

    def _get_groups(self):
        """Return the groups of merge fields, as a list of ``(name, {key: label})``."""
        return [
            (self.env._("Contact"), self._get_contact_fields()),
            (self.env._("Opportunity"), {**self._get_opportunity_fields(), **self._get_custom_fields()}),
            (self.env._("Products"), self._get_line_fields()),
            (self.env._("Quotation and Order"), self._get_order_fields()),
            (self.env._("Salesperson"), self._get_owner_fields()),
            (self.env._("Company"), self._get_company_fields()),
            (self.env._("Dates"), self._get_date_fields()),
        ]

    def _get_contact_fields(self):
        return {
            "contact.greeting": self.env._("Salutation"),
            "contact.name": self.env._("Contact Name"),
            "contact.company": self.env._("Contact's Company"),
            "contact.job": self.env._("Contact's Job Position"),
            "contact.address": self.env._("Contact's Address"),
            "contact.city": self.env._("Contact's City"),
            "contact.country": self.env._("Contact's Country"),
            "contact.phone": self.env._("Contact's Phone"),
            "contact.email": self.env._("Contact's Email"),
            "contact.reference": self.env._("Contact's Reference"),
            "contact.vat": self.env._("Contact's Tax ID"),
        }

    def _get_opportunity_fields(self):
        return {
            "opportunity.name": self.env._("Opportunity"),
            "opportunity.revenue": self.env._("Expected Revenue"),
            "opportunity.revenue_words": self.env._("Expected Revenue in Words"),
            "opportunity.deadline": self.env._("Expected Closing"),
            "opportunity.created": self.env._("Date of the Inquiry"),
            "opportunity.team": self.env._("Sales Team"),
        }

    def _get_line_fields(self):
        return {
            "lines.table": self.env._("Table of Products"),
            "lines.once": self.env._("Amount Due Once"),
            "lines.once_words": self.env._("Amount Due Once in Words"),
            "lines.recurring": self.env._("Recurring Amount"),
        }

    def _get_order_fields(self):
        return {
            "quotation.name": self.env._("Quotation Number"),
            "quotation.date": self.env._("Quotation Date"),
            "quotation.expiry": self.env._("Quotation Valid Until"),
            "quotation.total": self.env._("Quotation Total"),
            "quotation.total_words": self.env._("Quotation Total in Words"),
            "order.name": self.env._("Order Number"),
            "order.date": self.env._("Order Date"),
            "order.total": self.env._("Order Total"),
            "order.total_words": self.env._("Order Total in Words"),
        }

    def _get_owner_fields(self):
        return {
            "owner.name": self.env._("Salesperson's Name"),
            "owner.job": self.env._("Salesperson's Job Position"),
            "owner.phone": self.env._("Salesperson's Phone"),
            "owner.email": self.env._("Salesperson's Email"),
        }

    def _get_company_fields(self):
        return {
            "company.name": self.env._("Our Company"),
            "company.address": self.env._("Our Address"),
            "company.city": self.env._("Our City"),
            "company.phone": self.env._("Our Phone"),
            "company.email": self.env._("Our Email"),
            "company.website": self.env._("Our Website"),
            "company.vat": self.env._("Our Tax ID"),
        }

    def _get_date_fields(self):
        return {
            "today": self.env._("Today's Date"),
            "next_action.date": self.env._("Next Action Date"),
            "meeting.date": self.env._("Date of the Next Meeting"),
            "meeting.time": self.env._("Date and Time of the Next Meeting"),
            "meeting.location": self.env._("Location of the Next Meeting"),
        }
