import re
from datetime import timezone

from odoo import models
from odoo.tools.mail import html2plaintext

from .followup_planner import Planner

# A merge field without a fallback: {{ object.partner_id.name }} or <t t-out="object.partner_id.name"/>
MERGE_FIELDS = re.compile(r"""(?:\{\{\s*|t-(?:out|esc)\s*=\s*["'])object\.((?:\w+\.)*\w+)\s*(?:\}\}|["'])""")
DATED = ("before", "after")


class OpportunitySequence(models.Model):
    """What a sequence will do to an opportunity, and what it lacks, before it starts."""

    _inherit = "opportunity.sequence"

    def _preview(self, lead):
        """Return what the sequence would do if it started now and everything went by plan.

        :return: ``{"steps": [{"step_id", "name", "kind", "summary", "timing_summary", "date" (UTC, False when
            unknown), "tz", "local", "note", "subject", "body", "email_from", "email_to"}], "missing": [{"kind", "text",
            "is_blocking", "step_id"}]}``
        """
        self.ensure_one()
        lead.ensure_one()
        lead.check_access("read")
        missing = self._find_missing(lead).get(lead, [])
        steps = self._project(lead, self._get_outline(self.id).steps)
        for entry in steps:
            step = self.env["opportunity.sequence.step"].browse(entry["step_id"])
            if step.kind == "email" and not step._find_fault():
                entry.update(step._preview_email(lead, missing))
        return {"steps": steps, "missing": missing}

    def _project(self, lead, steps, start=None):
        """Return the dates of steps as data, each run at its time, from a moment on; see :meth:`_preview`."""
        planner = Planner(self.sudo().env)  # sudo: dates only, of an opportunity that the user may read
        place = planner.read_places([lead.id])[lead.id]
        moment, entries = start or planner.now, []
        for outline in steps:
            step = self.env["opportunity.sequence.step"].browse(outline.id)
            planned = planner.plan(outline, lead.id, moment)
            entries.append(step._prepare_projection(planned, place.zone_of(outline.tz_of)))
            if planned.state == "due":
                moment = planned.moment
            elif planned.state == "failed":
                moment = planner.now
            elif outline.past == "end":
                break
            if outline.kind == "end":
                break
        return entries

    def _find_missing(self, leads):
        """Return what opportunities lack for this sequence, in batch; e-mails are not rendered.

        :return: ``{lead: [{"kind", "text", "is_blocking", "step_id"}]}``; what blocks keeps it from starting by hand
        """
        self.ensure_one()
        found = {}
        for check in (
            self._find_unfit,
            self._find_broken,
            self._find_enrolled,
            self._find_unreachable,
            self._find_nobody,
            self._find_empty,
        ):
            for lead, entries in check(leads).items():
                found.setdefault(lead, []).extend(entries)
        return found

    def _find_unfit(self, leads):
        found = {}
        outline = self._get_outline(self.id)
        for lead in leads:
            text = False
            if lead.type != "opportunity":
                text = self.env._("It is a lead. Convert it to an opportunity first.")
            elif lead.won_status in outline.goals or (not lead.active and lead.won_status != "lost"):
                text = self.env._("The opportunity is closed.")
            elif not self._accepts(lead):
                text = self.env._("It belongs to another company than the sequence.")
            if text:
                found[lead] = [self._prepare_missing("closed", text)]
        return found

    def _find_broken(self, leads):
        """Find what has become wrong with the steps since the sequence went live: it keeps everybody from starting."""
        faults = [(step, step._find_fault()) for step in self.step_ids]
        entries = [self._prepare_missing("step", text, True, step) for step, text in faults if text]
        return {lead: list(entries) for lead in leads} if entries else {}

    def _find_enrolled(self, leads):
        # sudo: enrolments of an opportunity that the user may edit
        enrollments = self.sudo().env["opportunity.enrollment"]
        known = enrollments.search([("sequence_id", "=", self.id), ("lead_id", "in", leads.ids)])
        found = {}
        for enrollment in known:
            lead = leads.browse(enrollment.lead_id.id)
            if enrollment.state in ("active", "paused"):
                found[lead] = [self._prepare_missing("enrolled", self.env._("It is in the sequence already."))]
            elif not self.allow_repeat:
                text = self.env._("It has been in the sequence, which is not repeated.")
                found.setdefault(lead, [self._prepare_missing("enrolled", text)])
        return found

    def _find_unreachable(self, leads):
        """Find those that no e-mail reaches: without address or blacklisted."""
        if "email" not in self.step_ids.mapped("kind"):
            return {}
        rows = self.env["opportunity.enrollment.step"]
        emails = {lead: rows._get_recipient(lead) for lead in leads}
        blacklisted = rows._get_blacklisted([email for email in emails.values() if email])
        found = {}
        for lead, email in emails.items():
            if not email:
                text = self.env._("The contact has no valid e-mail address.")
                found[lead] = [self._prepare_missing("email", text)]
            elif email in blacklisted:
                text = self.env._("The address %s is blacklisted.", email)
                found[lead] = [self._prepare_missing("blacklisted", text)]
        return found

    def _find_nobody(self, leads):
        """Find those without a salesperson, or without whoever has the role of a step."""
        found = {}
        for step in self.step_ids:
            for lead, text, is_blocking in step._find_nobody(leads):
                found.setdefault(lead, []).append(self._prepare_missing("user", text, is_blocking, step))
        return found

    def _find_empty(self, leads):
        """Find empty merge fields and empty dates from which steps count."""
        found = {}
        for step in self.step_ids:
            for path, label in step._get_needed_fields():
                for lead in leads:
                    if not step._read_path(lead, path):
                        text = self.env._("“%(field)s” is empty, for the step “%(step)s”.", field=label, step=step.name)
                        found.setdefault(lead, []).append(self._prepare_missing("field", text, False, step))
        return found

    def _prepare_missing(self, kind, text, is_blocking=True, step=None):
        return {"kind": kind, "text": text, "is_blocking": is_blocking, "step_id": step.id if step else False}


class OpportunitySequenceStep(models.Model):
    """What a step needs of an opportunity, and how it looks to its contact."""

    _inherit = "opportunity.sequence.step"

    def _prepare_projection(self, planned, tz):
        moment = planned.moment if planned.state == "due" else False
        local = moment and moment.replace(tzinfo=timezone.utc).astimezone(tz).replace(tzinfo=None)
        return {
            "step_id": self.id,
            "name": self.name,
            "kind": self.kind,
            "summary": self.summary,
            "timing_summary": self.timing_summary,
            "state": planned.state,
            "date": moment,
            "local": local,
            "tz": tz.key,
            "note": planned.error or False,
            "subject": False,
            "body": False,
            "email_from": False,
            "email_to": False,
        }

    def _preview_email(self, lead, missing):
        """Return subject, body, sender and recipient as the contact will see them.

        :param list missing: gets what went wrong
        """
        rows = self.env["opportunity.enrollment.step"]
        preview = {"email_to": rows._get_recipient(lead) or False}
        try:
            with self.env.cr.savepoint():
                rendered = self.template_id._generate_template([lead.id], ("subject", "body_html"))[lead.id]
                preview["email_from"] = self._get_sender(lead)[0]
        except Exception as error:  # whatever a template can raise: the person mends it
            text = self.env._("“%(step)s” cannot be written: %(error)s", step=self.name, error=error)
            missing.append(self.sequence_id._prepare_missing("template", text, True, self))
            return preview
        return {**preview, "subject": rendered["subject"], "body": rendered["body_html"]}

    def _find_fault(self):
        """Return what keeps the step from working for anybody, False where nothing does."""
        if self.kind == "email" and self.template_id.sudo().model != "crm.lead":  # sudo: only its model is read
            return self.env._("“%s” has no e-mail template for opportunities. Choose one in the sequence.", self.name)
        if self.timing in DATED and not self.date_field_id:
            return self.env._("The date field of “%s” was removed. Choose another one in the sequence.", self.name)
        if self.kind == "activity" and self.responsible == "user" and not self.user_id.active:
            return self.env._("Who does “%s” is archived. Choose somebody else in the sequence.", self.name)
        return False

    def _find_nobody(self, leads):
        """Yield ``(lead, text, is_blocking)`` of those for which nobody does the step."""
        needs_owner = self.kind == "email" and self.sender == "owner"
        if needs_owner or self.kind == "activity" and self.responsible == "owner":
            for lead in leads.filtered(lambda lead: not lead.user_id.active):
                yield lead, self.env._("It has no salesperson, for the step “%s”.", self.name), True
        if self.kind == "activity" and self.responsible == "role":
            holders = leads._get_role_users(self.role_id)
            for lead in leads:
                if (lead.id, self.role_id.id) not in holders:
                    yield lead, self.env._("Nobody has the role “%s” on it.", self.role_id.name), False

    def _get_needed_fields(self):
        """Return pairs of a path from the opportunity and its label: merge fields, and the date of the step."""
        lead = self.env["crm.lead"]
        paths = set()
        if self.kind == "email" and self.template_id:
            template = self.template_id.sudo()  # sudo: only the names of its fields are read
            paths.update(MERGE_FIELDS.findall(f"{template.subject or ''} {template.body_html or ''}"))
        field = self.date_field_id.sudo()
        if self.timing in DATED and field:
            paths.add(field.name if field.model == "crm.lead" else f"partner_id.{field.name}")
        labels = ((path, self._get_path_label(lead, path)) for path in sorted(paths))
        return [(path, label) for path, label in labels if label]

    def _get_path_label(self, records, path):
        """Return the label of the field at the end of a path, False where it leads nowhere."""
        labels = []
        for name in path.split("."):
            field = records._fields.get(name)
            if not field:
                return False
            labels.append(field._description_string(self.env))
            records = self.env[field.comodel_name] if field.comodel_name else records.browse()
        return " › ".join(labels)

    def _read_path(self, lead, path):
        value = lead.sudo().mapped(path)  # sudo: as the template that is rendered for the contact
        value = value if isinstance(value, models.BaseModel) else any(value)
        return html2plaintext(value) if isinstance(value, str) else bool(value)
