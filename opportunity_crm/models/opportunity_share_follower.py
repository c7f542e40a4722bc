from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

SHOWN = 10  # opportunities that are listed one by one when many are shared at once


class OpportunityShare(models.Model):
    """Who is shared with is told once and follows the opportunity, for as long as the share lasts."""

    _inherit = "opportunity.share"

    follow_state = fields.Selection(
        [("pending", "Not Yet"), ("added", "Added"), ("kept", "Followed Before"), ("removed", "Removed")],
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Whether the user follows the opportunity because of this share. Only then it ends with the share.",
    )

    def _update_followers(self):
        """Let users follow what is shared with them in person, and no longer when that is over."""
        # sudo: followers are Odoo's, and the state is nobody's to write
        personal = self.sudo().filtered("user_id")
        personal.filtered(lambda share: share.follow_state == "pending" and share.state == "current")._subscribe()
        personal.filtered(lambda share: share.follow_state == "added" and share.state != "current")._unsubscribe()

    def _subscribe(self):
        for partner, shares in self.grouped(lambda share: share.user_id.partner_id).items():
            following = shares.lead_id.filtered(lambda lead, partner=partner: partner in lead.message_partner_ids)
            kept = shares.filtered(lambda share, following=following: share.lead_id in following)
            kept.write({"follow_state": "kept"})
            added = shares - kept
            self.env["mail.followers"]._insert_followers("crm.lead", added.lead_id.ids, partner.ids)
            added.write({"follow_state": "added"})
        self.lead_id.invalidate_recordset(["message_follower_ids", "message_partner_ids"])

    def _unsubscribe(self):
        """End the following that shares began, unless the user still sees the opportunity for another reason."""
        self.write({"follow_state": "removed"})
        for user, shares in self.grouped("user_id").items():
            leads = shares.lead_id
            staying = leads.with_user(user)._filtered_access("read").with_env(leads.env)
            # what follows from now on because of another share ends with that one
            heirs = leads.share_ids.filtered(
                lambda share, user=user: share.user_id == user and share.state == "current"
            )
            heirs.filtered(lambda share: share.follow_state == "kept").write({"follow_state": "added"})
            (leads - staying).message_unsubscribe(user.partner_id.ids)

    @api.model
    def _cron_update_followers(self):
        """Let those follow whose share begins today, and no longer those whose share has ended.

        Access itself needs no scheduled action: it is compared with the day in each query.
        """
        due = self.with_context(active_test=False).search(
            [
                ("user_id", "!=", False),
                "|",
                "&",
                ("follow_state", "=", "pending"),
                ("state", "=", "current"),
                "&",
                ("follow_state", "=", "added"),
                ("state", "!=", "current"),
            ]
        )
        for shares in due.grouped("user_id").values():
            shares._update_followers()
            self.env["ir.cron"]._commit_progress(len(shares))

    def _get_recipients(self):
        """Return the users with whom this is shared today."""
        self.ensure_one()
        # sudo: whoever shares with several tells all of them, known to them or not
        share = self.sudo()
        team, group = share.team_id, share.group_id
        users = share.user_id | team.member_ids | team.user_id | share.coverage_group_id.user_ids | group.all_user_ids
        return users.filtered(lambda user: user.active and not user.share)

    def _tell_recipients(self):
        """Tell everybody with whom something is shared, in one message, why, and where to find it."""
        recipients, told = {}, {}
        for share in self:
            target = share._get_target()[1:]
            if target not in recipients:
                recipients[target] = share._get_recipients() - self.env.user
            for user in recipients[target]:
                told.setdefault(user, []).append(share.id)
        for user, ids in told.items():
            self.browse(ids).with_context(lang=user.lang)._tell(user)

    def _tell(self, user):
        leads = self.lead_id
        document = leads if len(leads) == 1 else self.env["mail.thread"]
        document.message_notify(
            partner_ids=user.partner_id.ids,
            subject=self._get_notice_subject(),
            body=self._get_notice_body(),
            email_layout_xmlid="mail.mail_notification_layout",
        )

    def _get_notice_subject(self):
        leads, name = self.lead_id, self.env.user.name
        if len(leads) == 1:
            return self.env._("%(user)s shared “%(opportunity)s” with you", user=name, opportunity=leads.name)
        return self.env._("%(user)s shared %(count)s opportunities with you", user=name, count=len(leads))

    def _get_notice_body(self):
        # sudo: those who are told may read what they are told about
        leads = self.lead_id.sudo()
        links = Markup().join(
            Markup('<li><a href="%s">%s</a></li>') % (lead._notify_get_action_link("view"), lead.name)
            for lead in leads[:SHOWN]
        )
        more = self.env._("… and %s more: filter your pipeline by “Shared with Me”.", len(leads) - SHOWN)
        parts = [
            Markup("<p>%s</p>") % self._get_notice_subject(),
            Markup("<p>%s</p>") % self._describe_terms(),
            Markup("<ul>%s</ul>") % links,
            Markup("<p>%s</p>") % more if len(leads) > SHOWN else "",
        ]
        return Markup().join(parts)

    def _describe_terms(self):
        """Return what is granted, for how long and why, in a sentence or two; the first share speaks for all."""
        share = self[:1]
        texts = [self.env._("You can edit.") if share.access == "edit" else self.env._("You can read.")]
        if share.date_start:
            texts.append(self.env._("From %s.", format_date(self.env, share.date_start)))
        if share.date_end:
            texts.append(self.env._("Until %s.", format_date(self.env, share.date_end)))
        return " ".join([*texts, share.reason or ""])
