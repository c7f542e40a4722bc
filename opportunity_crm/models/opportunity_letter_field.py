from odoo import api, models


class OpportunityLetterField(models.AbstractModel):
    """The merge fields that a letter may have: this list, and nothing else."""

    _name = "opportunity.letter.field"
    _description = "Merge Field of Letters"

    # Those that are a table, in a paragraph of their own.
    _blocks = frozenset({"lines.table"})
    _custom_types = frozenset({"char", "text", "integer", "float", "monetary", "date", "datetime", "selection"})

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
        _ = self.env._
        return [
            (_("Contact"), self._get_contact_fields()),
            (_("Opportunity"), {**self._get_opportunity_fields(), **self._get_custom_fields()}),
            (_("Products"), self._get_line_fields()),
            (_("Quotation and Order"), self._get_order_fields()),
            (_("Salesperson"), self._get_owner_fields()),
            (_("Company"), self._get_company_fields()),
            (_("Dates"), self._get_date_fields()),
        ]

    def _get_contact_fields(self):
        _ = self.env._
        return {
            "contact.greeting": _("Salutation"),
            "contact.name": _("Contact Name"),
            "contact.company": _("Contact's Company"),
            "contact.job": _("Contact's Job Position"),
            "contact.address": _("Contact's Address"),
            "contact.city": _("Contact's City"),
            "contact.country": _("Contact's Country"),
            "contact.phone": _("Contact's Phone"),
            "contact.email": _("Contact's Email"),
            "contact.reference": _("Contact's Reference"),
            "contact.vat": _("Contact's Tax ID"),
        }

    def _get_opportunity_fields(self):
        _ = self.env._
        return {
            "opportunity.name": _("Opportunity"),
            "opportunity.revenue": _("Expected Revenue"),
            "opportunity.revenue_words": _("Expected Revenue in Words"),
            "opportunity.deadline": _("Expected Closing"),
            "opportunity.created": _("Date of the Inquiry"),
            "opportunity.team": _("Sales Team"),
        }

    def _get_custom_fields(self):
        """Return the fields that administrators added to opportunities, for everybody to see."""
        names = [
            name
            for name, field in self.env["crm.lead"]._fields.items()
            if field.manual and not field.groups and field.type in self._custom_types
        ]
        # without any, all fields would be described
        described = self.env["crm.lead"].fields_get(names, ["string"]) if names else {}
        return {f"opportunity.{name}": described[name]["string"] for name in names}

    def _get_line_fields(self):
        _ = self.env._
        return {
            "lines.table": _("Table of Products"),
            "lines.once": _("Amount Due Once"),
            "lines.once_words": _("Amount Due Once in Words"),
            "lines.recurring": _("Recurring Amount"),
        }

    def _get_order_fields(self):
        _ = self.env._
        return {
            "quotation.name": _("Quotation Number"),
            "quotation.date": _("Quotation Date"),
            "quotation.expiry": _("Quotation Valid Until"),
            "quotation.total": _("Quotation Total"),
            "quotation.total_words": _("Quotation Total in Words"),
            "order.name": _("Order Number"),
            "order.date": _("Order Date"),
            "order.total": _("Order Total"),
            "order.total_words": _("Order Total in Words"),
        }

    def _get_owner_fields(self):
        _ = self.env._
        return {
            "owner.name": _("Salesperson's Name"),
            "owner.job": _("Salesperson's Job Position"),
            "owner.phone": _("Salesperson's Phone"),
            "owner.email": _("Salesperson's Email"),
        }

    def _get_company_fields(self):
        _ = self.env._
        return {
            "company.name": _("Our Company"),
            "company.address": _("Our Address"),
            "company.city": _("Our City"),
            "company.phone": _("Our Phone"),
            "company.email": _("Our Email"),
            "company.website": _("Our Website"),
            "company.vat": _("Our Tax ID"),
        }

    def _get_date_fields(self):
        _ = self.env._
        return {
            "today": _("Today's Date"),
            "next_action.date": _("Next Action Date"),
            "meeting.date": _("Date of the Next Meeting"),
            "meeting.time": _("Date and Time of the Next Meeting"),
            "meeting.location": _("Location of the Next Meeting"),
        }
