from lxml import etree

from odoo.fields import Command

from .common import OpportunityCase

# one field of each type: label, type, and what else it has
EVERY_KIND = [
    ("Machine", "char", {}),
    ("Remarks of the Engineer", "text", {}),
    ("Lines", "integer", {}),
    ("Speed", "float", {}),
    ("Budget", "monetary", {}),
    ("Start of Works", "date", {}),
    ("Visit", "datetime", {}),
    ("Certified", "boolean", {}),
    ("Voltage", "choice", {"options": ["230 V", "400 V"]}),
    ("Media", "choices", {"options": ["Water", "Air", "Oil"]}),
    ("Planner", "partner", {}),
    ("Engineer", "user", {}),
    ("Model", "product", {}),
    ("Data Sheet", "link", {}),
    ("Drawing", "file", {}),
]


class TabCase(OpportunityCase):
    """A tab with one field of each type. A test that adds or removes columns leaves the registry as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry_enter_test_mode_cls()  # what resets the registry is to see what this transaction has added to it
        cls.tab = cls.create_tab("Technical Fit", EVERY_KIND)
        cls.field = {field.name: field for field in cls.tab.field_ids}

    def setUp(self):
        # first, so that it comes last: after what the test did is rolled back
        self.addCleanup(self.restore_registry, self.registry.registry_invalidated)
        self.registry.registry_invalidated = False
        super().setUp()

    def restore_registry(self, invalidated):
        if self.registry.registry_invalidated:
            self.registry._setup_models__(self.cr, ["crm.lead"])
        self.registry.registry_invalidated = invalidated or self.registry.registry_invalidated

    @classmethod
    def create_tab(cls, name, fields, user=None, **values):
        """Create a tab as the manager; ``fields`` is a list of ``(label, type, values)``."""
        tabs = cls.env["opportunity.tab"].with_user(user or cls.manager)
        commands = [
            Command.create(cls.prepare_field(label, kind, number, **more))
            for number, (label, kind, more) in enumerate(fields)
        ]
        return tabs.create({"name": name, "field_ids": commands, **values})

    @classmethod
    def prepare_field(cls, label, kind="char", sequence=10, options=(), **values):
        values = {"name": label, "kind": kind, "sequence": sequence, **values}
        if options:
            values["option_ids"] = [
                Command.create({"name": option, "sequence": number}) for number, option in enumerate(options)
            ]
        return values

    @classmethod
    def add_field(cls, label, kind="char", tab=None, **values):
        """Add a field to the tab as the manager."""
        values = cls.prepare_field(label, kind, **values) | {"tab_id": (tab or cls.tab).id}
        return cls.env["opportunity.field"].with_user(cls.manager).create(values)

    def option(self, field, label):
        return self.field[field].option_ids.filtered(lambda option: option.name == label)

    def column(self, label):
        """The name of the column of a field."""
        return self.field[label].technical_name

    def arch(self, view_type, user=None, view=None, lang=None):
        """The view as the client of the user gets it."""
        leads = self.env["crm.lead"].with_user(user or self.rep).with_context(lang=lang)
        view_id = self.env.ref(view).id if view else None
        return etree.fromstring(leads.get_view(view_id, view_type)["arch"])

    def page(self, tab=None, **options):
        """The page of a tab in the form, as the client gets it; nothing when there is none."""
        (page,) = self.arch("form", **options).xpath(f"//page[@name='opportunity_tab_{(tab or self.tab).id}']") or [
            None
        ]
        return page
