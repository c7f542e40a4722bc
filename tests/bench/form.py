"""Opening the form of a busy opportunity: what its first request reads, of the tabs that nobody looks at as well."""

import re

from . import ADDON, STOCK, Hold, Scenario, Side, data

SINGLE = 10
BUSY = 20  # activities, meetings and lines of an opportunity


def opening(template=None, **values):
    """A side's preparation: busy opportunities of one rep, whose form is read as the web client reads it."""

    def prepare(env):
        domain = [("user_id.login", "=", "bench1")]
        if template:
            domain.append(("template_id", "=", data.template(env, template).id))
        found = env["crm.lead"].search(domain, limit=SINGLE, order="id")
        occupy(found)
        if template:
            add_lines(found)
        env.flush_all()
        leads = data.as_rep(env)["crm.lead"]
        spec = form_spec(leads.browse(found.ids[0]))
        # each alone, as people open them: together they would be computed together
        return [lambda id_=id_: leads.browse(id_).web_read(spec) for id_ in found.ids]

    return prepare


def form_spec(lead):
    """What the web client asks for when it opens the form: nothing that only a page needs which is read when opened."""
    from lxml import etree

    from odoo.tests.form import Form  # only the processes with Odoo have it

    view = Form(lead)._view
    for page in view["tree"].iterfind(".//page[@class='o_opportunity_lazy_page']"):
        page[:] = []
    rest = etree.tostring(view["tree"], encoding="unicode")
    return {name: spec for name, spec in view["fields_spec"].items() if re.search(rf"\b{name}\b", rest)}


def occupy(leads):
    """Plan and do activities, and hold meetings."""
    model_id, today = leads.env["ir.model"]._get_id("crm.lead"), leads.env.cr.now()
    silent = leads.env(context={"mail_activity_quick_update": True, "no_mail_to_attendees": True})
    activities = silent["mail.activity"].create(
        [
            {"res_model_id": model_id, "res_id": lead.id, "user_id": lead.user_id.id, "date_deadline": today.date()}
            for lead in leads
            for _number in range(BUSY)
        ]
    )
    activities[::2].action_archive()
    silent["calendar.event"].create(
        [
            {"name": f"Meeting {n}", "opportunity_id": lead.id, "start": today, "stop": today, "partner_ids": []}
            for lead in leads
            for n in range(BUSY)
        ]
    )


def add_lines(leads):
    """Put products on opportunities."""
    product = leads.env["product.product"].create({"name": "Bench", "list_price": 10, "opportunity_ok": True})
    leads.env["opportunity.line"].create(
        [{"lead_id": lead.id, "product_id": product.id, "quantity": 1} for lead in leads for _number in range(BUSY)]
    )


SCENARIOS = [
    Scenario(
        "P-form",
        "open a busy opportunity",
        Side(STOCK, opening()),
        Side(ADDON, opening(data.GATED)),
        # of the lines, steps, activities, coverage and letters no more than what the top and the first page show
        Hold(time=2, queries=12),
    )
]
