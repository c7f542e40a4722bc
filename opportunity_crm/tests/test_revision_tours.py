from odoo.tests import HttpCase, tagged

from .common import OpportunityBuilders


@tagged("standard", "post_install", "-at_install")
class TestRevisionTours(OpportunityBuilders, HttpCase):
    """The way of a sales manager from a template in use to its next revision, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_people()
        cls.manager.write({"password": "manager-password"})
        cls.start = cls.create_stage("Tour Start", sequence=901)
        cls.middle = cls.create_stage("Tour Middle", sequence=902)
        cls.end = cls.create_stage("Tour End", sequence=990, is_won=True)
        cls.template = cls.create_template(
            "Tour Revisions", [(cls.start, 10, 5), (cls.middle, 40, 14), (cls.end, 100, 0)]
        )
        cls.call = cls.add_step(cls.template, cls.start, "Tour Call")

    def test_manager_makes_the_next_revision(self):
        early = self.create_lead(name="Tour Early", template_id=self.template.id)
        late = self.create_lead(name="Tour Late", template_id=self.template.id, stage_id=self.middle.id)
        early.step_ids.action_done()
        self.start_tour("/odoo", "opportunity_crm_revision", login="manager")
        current = self.template.current_id
        self.assertEqual((current.revision, current.state, self.template.state), (2, "active", "archived"))
        self.assertEqual(current.stage_ids.mapped("target_days"), [5, 10, 0])
        self.assertEqual(current.stage_ids.step_ids.mapped("name"), ["Tour Call", "Tour Survey"])
        self.assertEqual((early | late).template_id, current)
        self.assertEqual(early.step_ids.sorted().mapped("state"), ["done", "todo"])
        self.assertEqual(
            (early | late).stage_move_ids.filtered(lambda move: move.cause == "migrated").lead_id, early | late
        )
