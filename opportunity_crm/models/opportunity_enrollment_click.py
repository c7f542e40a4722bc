import re
import secrets
from html import escape, unescape

from markupsafe import Markup

from odoo import models
from odoo.tools import SQL

LINK = re.compile(r"""(<a\b[^>]*?\bhref\s*=\s*)(["'])(https?://[^"']+)\2""", re.I)


class OpportunityEnrollmentStep(models.Model):
    """Links in e-mails are replaced by short ones of Odoo's link tracker, with a code for each person."""

    _inherit = "opportunity.enrollment.step"

    def _track_links(self, rendered):
        """Replace the links in rendered e-mails of rows.

        :param dict rendered: ``{lead id: values}`` with ``body_html``, which is changed
        """
        bodies = {row: rendered[row.lead_id.id].get("body_html") or "" for row in self if row.sequence_id.track_links}
        urls = {row: self._find_links(body) for row, body in bodies.items()}
        links = self._get_trackers({url for found in urls.values() for url in found})
        codes = self._create_codes([(row, links[url]) for row, found in urls.items() for url in found])
        for row, body in bodies.items():
            short = {url: codes[row, links[url]] for url in urls[row]}
            rendered[row.lead_id.id]["body_html"] = self._replace_links(body, short)

    def _find_links(self, body):
        """Return the addresses of links, each once, in order; those of this server are followed as well."""
        return list(dict.fromkeys(unescape(found[2]) for found in LINK.findall(body)))

    def _get_trackers(self, urls):
        """Return ``{url: link.tracker}``, created where there is none yet."""
        ordered = sorted(urls)
        # sudo: sales people may not create links; the title is given, or Odoo would fetch each page
        trackers = self.env["link.tracker"].sudo()
        found = trackers.search_or_create([{"url": url, "title": url} for url in ordered]) if ordered else trackers
        return dict(zip(ordered, found, strict=True))

    def _create_codes(self, pairs):
        """Return ``{(row, link): short address}``; a code is long enough not to be guessed."""
        codes = [secrets.token_urlsafe(9) for _pair in pairs]
        if not pairs:
            return {}
        # SQL: as many codes as there are e-mails, of a model without rules of its own
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO link_tracker_code (code, link_id, enrollment_step_id, create_uid, write_uid, create_date,
                                               write_date)
                SELECT code, link_id, row_id, %(user)s, %(user)s, %(now)s, %(now)s
                  FROM unnest(%(codes)s::varchar[], %(links)s::integer[], %(rows)s::integer[])
                    AS new (code, link_id, row_id)
                """,
                user=self.env.uid,
                now=self.env.cr.now(),
                codes=codes,
                links=[link.id for _row, link in pairs],
                rows=[row.id for row, _link in pairs],
            )
        )
        base = self.env["link.tracker"].get_base_url()
        return {pair: f"{base}/r/{code}" for pair, code in zip(pairs, codes, strict=True)}

    def _replace_links(self, body, short):
        def replace(match):
            before, quote, url = match.groups()
            return f"{before}{quote}{escape(short[unescape(url)])}{quote}"

        return Markup(LINK.sub(replace, str(body)))
