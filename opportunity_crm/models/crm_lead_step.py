from odoo import api, fields, models


class CrmLead(models.Model):
    """The steps of an opportunity: what its template asks for in the current stage, and what was done before."""

    _inherit = "crm.lead"

    step_ids = fields.One2many("opportunity.step", "lead_id", string="Steps", readonly=True)
    current_step_ids = fields.One2many(
        "opportunity.step", compute="_compute_current_step_ids", string="Steps of the Stage"
    )
    step_count = fields.Integer(string="Steps in Stage", compute="_compute_current_step_ids")
    step_done_count = fields.Integer(string="Steps Done", compute="_compute_current_step_ids")

    @api.depends("step_ids.state", "template_stage_id")
    def _compute_current_step_ids(self):
        for lead in self:
            # a plain loop: filtered() would lose the prefetching over the steps of many opportunities
            current = [step for step in lead.step_ids if step.template_stage_id == lead.template_stage_id]
            lead.current_step_ids = lead.step_ids.browse(step.id for step in current)
            lead.step_count = len(current)
            lead.step_done_count = sum(step.state != "todo" for step in current)

    def _start_steps(self):
        """Begin the steps of new opportunities; data files say themselves which steps theirs have."""
        if not self.env["opportunity.stage.move"]._is_loading_data():
            leads = self._filter_stepped()
            leads._create_steps()
            leads._get_ready_steps()._plan()

    def _sync_steps(self):
        """Bring steps and their activities in line with where opportunities stand.

        The steps of a stage are created when it is first entered. Planned is what is to be done in the current stage
        of an open opportunity; what is planned elsewhere is dropped, and planned again when the opportunity is back.
        """
        leads = self._filter_stepped()
        leads._create_steps()
        leads._get_steps_elsewhere().write({"activity_id": False})
        leads._get_ready_steps()._plan()

    def _filter_stepped(self):
        # sudo: nobody may write steps directly; the server does, for whoever may move the opportunity
        return self.sudo().filtered(lambda lead: lead.template_id._has_steps())

    def _get_steps_elsewhere(self):
        """Return the steps that are planned although their stage is not the current one of an open opportunity."""
        steps = []
        for lead in self:
            current = lead.template_stage_id if lead._is_open() else None
            steps += [
                step
                for step in lead.step_ids
                if step.state == "todo" and step.activity_id and step.template_stage_id != current
            ]
        # sudo: nobody may write steps directly
        return self.env["opportunity.step"].sudo().concat(*steps)

    def _get_ready_steps(self):
        """Return the steps to be planned: not planned yet, and waiting for no other."""
        ready = []
        for lead in self.filtered(lambda lead: lead._is_open()):
            previous = None
            for step in lead.step_ids.sorted():
                if step.template_stage_id != lead.template_stage_id:
                    continue
                waits = step.step_id.delay_from == "previous" and previous and previous.state == "todo"
                if step.state == "todo" and not step.activity_id and not waits:
                    ready.append(step)
                previous = step
        # sudo: nobody may write steps directly
        return self.env["opportunity.step"].sudo().concat(*ready)

    def _is_open(self):
        return self.active and self.won_status == "pending"

    def _create_steps(self):
        """Create the steps of the current stage, where an open opportunity has them not yet."""
        missing = []
        for lead in self.filtered(lambda lead: lead._is_open()):
            known = {step.step_id for step in lead.step_ids}
            missing += [(lead, step) for step in lead.template_stage_id.step_ids if step not in known]
        if missing:
            self.env["opportunity.step"]._insert(missing)
            self.invalidate_recordset(["step_ids"])

    def _get_step_owners(self, vals):
        """Return ``{step: user}`` of the planned steps that belong to somebody by the salesperson or a role.

        Empty unless the values to write may change whom they belong to.
        """
        # sudo: nobody may write steps directly
        templated = self.sudo().filtered("template_id") if {"user_id", "coverage_group_ids"} & vals.keys() else None
        if not templated:
            return {}
        return templated.step_ids.filtered("activity_id.active")._get_responsible()

    def _hand_over_steps(self, owners):
        """Give planned steps to whom they belong now; those that somebody gave to another person stay there.

        :param dict owners: the :meth:`_get_step_owners` from before
        """
        if not owners:
            return
        # sudo: the activities may belong to the former salesperson, whose they are no longer
        steps = self.env["opportunity.step"].sudo().concat(*owners)
        theirs = steps.filtered(lambda step: step.activity_id.active and step.activity_id.user_id == owners[step])
        for user, handed in self._group_by_responsible(theirs).items():
            activities = handed.activity_id.filtered(lambda activity, user=user: activity.user_id != user)
            activities.with_context(mail_activity_quick_update=True).write({"user_id": user.id})

    def _group_by_responsible(self, steps):
        responsible = steps._get_responsible()
        return steps.grouped(lambda step: responsible[step])

    def _merge_steps(self, merged_leads):
        """Let what was done on merged opportunities count here, where the template has that step; the rest goes."""
        # sudo: nobody may write steps directly
        head, merged = self.sudo(), merged_leads.sudo().step_ids
        merged.filtered("activity_id").write({"activity_id": False})
        template = head.template_id
        counterparts = template._get_steps_by_key()
        mine = {step.step_id.key: step for step in head.step_ids}
        for step in merged.filtered(lambda step: step.state != "todo").sorted("date_done"):
            key = step.step_id.key
            own, counterpart = mine.get(key), counterparts.get((template, key))
            if own and own.state == "todo":
                own._close_like(step)
            elif not own and counterpart:
                step.write({"lead_id": self.id, **counterpart._prepare_step_values()})
                mine[key] = step
