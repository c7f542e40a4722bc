from odoo import api, fields, models
from odoo.tools import SQL

KEPT_DAYS = 3


class OpportunityFollowupQuota(models.Model):
    """How many follow-up e-mails a person gets on a day, over all sequences.

    A counter and not a count of what was sent: two servers that count at the same time would both find room.
    """

    _name = "opportunity.followup.quota"
    _description = "Follow-up E-mails to a Person on a Day"
    _log_access = False

    email = fields.Char(required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, index=True)
    count = fields.Integer(required=True, readonly=True)

    _day_unique = models.Constraint("UNIQUE(email, day)", "This person and day are counted already.")

    @api.model
    def _take(self, wanted, limit):
        """Count e-mails to people, at most so many a day, and return those that found room.

        :param list wanted: pairs of an e-mail address, normalised, and a date; one for each e-mail
        :param int limit: the most e-mails a day; zero for no limit
        :return: list of booleans, one for each pair
        """
        if not limit:
            return [True] * len(wanted)
        asked = {}
        for pair in wanted:
            asked[pair] = asked.get(pair, 0) + 1
        granted = self._count(asked, limit)
        return [self._draw(granted, pair) for pair in wanted]

    def _draw(self, granted, pair):
        granted[pair] -= 1
        return granted[pair] >= 0

    def _count(self, asked, limit):
        """Raise the counters and return ``{pair: how many found room}``."""
        # in one order, so that two servers do not wait for each other
        pairs = sorted(asked)
        emails, days = [email for email, _day in pairs], [day for _email, day in pairs]
        # SQL: a counter that was raised by somebody else since this transaction began is a conflict, which is what
        # is wanted: the batch is rolled back and sees it when it runs again
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO opportunity_followup_quota AS quota (email, day, count)
                SELECT * FROM unnest(%s::varchar[], %s::date[], %s::integer[])
                    ON CONFLICT (email, day) DO UPDATE SET count = quota.count + excluded.count
             RETURNING email, day, count
                """,
                emails,
                days,
                [asked[pair] for pair in pairs],
            )
        )
        counts = {(email, day): count for email, day, count in self.env.cr.fetchall()}
        granted = {pair: max(0, min(asked[pair], limit - counts[pair] + asked[pair])) for pair in pairs}
        self._give_back({pair: asked[pair] - granted[pair] for pair in pairs if asked[pair] > granted[pair]})
        return granted

    def _give_back(self, surplus):
        if not surplus:
            return
        # SQL: as above
        self.env.cr.execute(
            SQL(
                """
                UPDATE opportunity_followup_quota AS quota SET count = quota.count - surplus.count
                  FROM unnest(%s::varchar[], %s::date[], %s::integer[]) AS surplus (email, day, count)
                 WHERE quota.email = surplus.email AND quota.day = surplus.day
                """,
                [email for email, _day in surplus],
                [day for _email, day in surplus],
                list(surplus.values()),
            )
        )

    @api.autovacuum
    def _gc_days(self):
        # SQL: a table without access log, of which nobody has a record in memory
        self.env.cr.execute(SQL("DELETE FROM opportunity_followup_quota WHERE day < current_date - %s", KEPT_DAYS))
