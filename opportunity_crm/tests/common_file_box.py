from .common_coverage import CoverageCase

PRIVATE = "opportunity"


class FileBoxCase(CoverageCase):
    """A contact of a company, an opportunity of a rep with it, and a colleague who sees the contact only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls.env["res.partner"].create({"name": "Buyers", "is_company": True})
        cls.buyer = cls.env["res.partner"].create({"name": "Ann Buyer", "parent_id": cls.buyers.id})
        cls.lead = cls.create_lead(cls.rep, name="Turbine", partner_id=cls.buyer.id)
        cls.contract = cls.env["opportunity.document.category"].create({"name": "Night Contract"})

    @classmethod
    def set_scope(cls, scope):
        cls.env["ir.config_parameter"].set_param("opportunity_crm.file_box_scope", scope)

    @classmethod
    def put(cls, record=None, user=None, name="Offer.txt", raw=b"Ten turbines", **values):
        """Put a document into a file box (of the opportunity) as somebody (the rep)."""
        record = (cls.lead if record is None else record).with_user(user or cls.rep)
        return record._add_to_file_box([{"name": name, "raw": raw, **values}])

    @classmethod
    def protect(cls, contact):
        """Let nobody but superusers edit a contact."""
        cls.env["ir.rule"].create(
            {
                "name": "Nobody edits the contact",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {contact.id})]",
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )

    def box(self, record, user=None):
        """Return the names in a file box as somebody sees it."""
        return record.with_user(user or self.rep).file_box_ids.mapped("name")

    def assertKeptWith(self, document, record):
        kept = document.sudo()
        self.assertEqual((kept.res_model, kept.res_id), (record._name, record.id))

    def access(self, document, user):
        """Return what somebody may do, after all that is cached; searching and counting must agree with reading."""
        self.env.invalidate_all()
        mine = document.with_user(user)
        letters = ("r" if mine.has_access("read") else "") + ("w" if mine.has_access("write") else "")
        for domain in ([("id", "=", mine.id)], [("res_model", "=", document.sudo().res_model), ("name", "!=", False)]):
            found = mine.search(domain)
            self.assertEqual(mine in found, "r" in letters, f"search and check_access disagree for {user.login}")
        return letters
