from typing import NamedTuple

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount

AMOUNT_FIELDS = ("product_uom_qty", "price_unit", "discount", "recurring_discount")
TERM_FIELDS = ("recurring_plan_id", "trial_days", "term_months")
ONE_FIELDS = ("display_type", "product_id", "product_uom_id", "combo_item_id", *TERM_FIELDS)
CUSTOMER_FIELDS = ("partner_id", "partner_invoice_id", "partner_shipping_id", "fiscal_position_id")


class Difference(NamedTuple):
    """What an open quotation has and its opportunity has not, or the other way round."""

    kind: str  # added, removed, changed or ordered
    name: str
    before: str = ""
    after: str = ""
    commands: tuple = ()  # on the lines of the quotation
    values: dict = {}  # of the quotation itself

    @property
    def shown(self):
        """What people are told of it."""
        return self.kind, self.name, self.before, self.after


class SaleOrder(models.Model):
    """How a quotation made from an opportunity follows it: what differs, and what is done about it.

    Lines that somebody added to the quotation by hand are left alone.
    """

    _inherit = "sale.order"

    def _compare_offer(self, values):
        """Return what differs from an offer.

        :param dict values: as ``crm.lead._prepare_order_values`` returns them
        :return: a list of :class:`Difference`
        """
        self.ensure_one()
        wanted = self._group_rows([vals for _command, _id, vals in values["order_line"]])
        present = self.order_line.sorted().filtered("is_offered").grouped("opportunity_line_id")
        present = {line.id: lines for line, lines in present.items()}
        differences = self._compare_header(values)
        for key, rows in wanted.items():
            differences += self._compare_group(present.get(key, self.order_line.browse()), rows)
        for key, lines in present.items():
            if not key or key not in wanted:
                differences += [self._tell_removed(line) for line in lines]
        return differences + self._compare_order(wanted, present)

    def _drop_deleted(self, values_list):
        """Return values that were prepared some time ago without what has been deleted since.

        :raises UserError: when a product has been deleted: then the offer is not what it was
        """
        rows = [row for values in values_list for *_command, row in values["order_line"]]
        kept = {name: self._find_existing(name, rows) for name in ("opportunity_line_id", "bundle_id", "product_id")}
        if any(row.get("product_id") and row["product_id"] not in kept["product_id"] for row in rows):
            raise UserError(self.env._("A product of this offer has been deleted. Please make a new offer."))
        cleaned = []
        for values in values_list:
            lines = [self._drop_from_row(row, kept) for *_command, row in values["order_line"]]
            cleaned.append({**values, "order_line": [[0, 0, row] for row in lines]})
        return cleaned

    def _drop_from_row(self, row, kept):
        return {name: value if name not in kept or value in kept[name] else False for name, value in row.items()}

    def _find_existing(self, field_name, rows):
        records = self.env[self.order_line._fields[field_name].comodel_name]
        return set(records.browse({row.get(field_name) for row in rows} - {None, False}).exists().ids)

    def _group_rows(self, rows):
        groups = {}
        for row in rows:
            groups.setdefault(row["opportunity_line_id"], []).append(row)
        return groups

    def _compare_header(self, values):
        differences = []
        for field_name, follows in (("partner_id", CUSTOMER_FIELDS), ("pricelist_id", ("pricelist_id",))):
            field = self._fields[field_name]
            before, after = self[field_name], self.env[field.comodel_name].browse(values[field_name] or ())
            if before != after:
                changed = {name: values[name] for name in follows}
                label = field._description_string(self.env)
                names = (record.display_name or "–" for record in (before, after))
                differences.append(Difference("changed", label, *names, values=changed))
        return differences

    def _compare_group(self, lines, rows):
        """Return what differs between the order lines that an opportunity line has and should have."""
        name = self._get_title(rows)
        present, wanted = [self._read_row(line) for line in lines], [self._normalize_row(row) for row in rows]
        create = [Command.create(row) for row in rows]
        if not lines:
            return [Difference("added", name, "", self._tell_rows(wanted, {"amount"}), tuple(create))]
        aspects = self._get_aspects(present, wanted)
        if not aspects:
            return []
        if "shape" in aspects or lines.filtered("linked_line_ids"):
            commands = [*(Command.delete(line.id) for line in lines), *create]
        else:
            commands = [Command.update(line.id, row) for line, row in zip(lines, rows, strict=True)]
        before, after = self._tell_rows(present, aspects), self._tell_rows(wanted, aspects)
        return [Difference("changed", name, before, after, tuple(commands))]

    def _get_title(self, rows):
        heading = next((row for row in rows if row.get("display_type")), rows[0])
        return heading["name"].split("\n", 1)[0]

    def _tell_removed(self, line):
        row = self._read_row(line)
        text = self._tell_rows([row], {"amount"})
        return Difference("removed", self._get_title([row]), text, "", (Command.delete(line.id),))

    def _compare_order(self, wanted, present):
        before = [key for key in present if key in wanted]
        after = [key for key in wanted if key in present]
        return [Difference("ordered", self.env._("Order of the lines"))] if before != after else []

    def _read_row(self, line):
        """Return an order line as the values that would make it."""
        return {
            "name": line.name or "",
            "tax_ids": sorted(line.tax_ids.ids),
            **{name: line[name] for name in AMOUNT_FIELDS},
            **{name: line[name].id if line._fields[name].relational else line[name] for name in ONE_FIELDS},
        }

    def _normalize_row(self, row):
        taxes = row.get("tax_ids") or [[6, 0, []]]
        return {
            "name": row["name"],
            "tax_ids": sorted(taxes[0][2]),
            **{name: row.get(name) or 0.0 for name in AMOUNT_FIELDS},
            **{name: row.get(name) or (0 if name in ("trial_days", "term_months") else False) for name in ONE_FIELDS},
        }

    def _get_aspects(self, present, wanted):
        """Return in which respects rows differ."""

        def differ(names):
            return [[row[name] for name in names] for row in present] != [
                [row[name] for name in names] for row in wanted
            ]

        def amounts(rows):
            return [[round(row[name], 6) for name in AMOUNT_FIELDS] for row in rows]

        if differ(("display_type", "product_id", "combo_item_id")):
            return {"shape", "amount", "name"}
        aspects = {"amount"} if amounts(present) != amounts(wanted) or differ(("product_uom_id",)) else set()
        aspects |= {"name"} if differ(("name", *TERM_FIELDS)) else set()
        return aspects | ({"taxes"} if differ(("tax_ids",)) else set())

    def _tell_rows(self, rows, aspects):
        """Return rows in words, in those respects."""
        priced = [row for row in rows if row["product_id"]]
        texts = []
        if "amount" in aspects and priced:
            texts.append(self._tell_amounts(priced))
        if "name" in aspects:
            texts += [row["name"] for row in rows]
        if "taxes" in aspects:
            taxes = self.env["account.tax"].browse({tax for row in rows for tax in row["tax_ids"]})
            texts.append(", ".join(taxes.mapped("name")) or self.env._("No taxes"))
        return "\n".join(texts)

    def _tell_amounts(self, rows):
        total = sum(row["product_uom_qty"] * row["price_unit"] * (1 - row["discount"] / 100) for row in rows)
        amount = format_amount(self.env, self.currency_id.round(total), self.currency_id)
        if len(rows) > 1:
            return amount
        [row] = rows
        uom = self.env["uom.uom"].browse(row["product_uom_id"] or ()).name or ""
        price = format_amount(self.env, row["price_unit"], self.currency_id)
        discount = f" − {row['discount']:g} %" if row["discount"] else ""
        return f"{row['product_uom_qty']:g} {uom} × {price}{discount} = {amount}"

    def _follow_offer(self, values):
        """Bring an open quotation to an offer, and say in its chatter what was changed.

        :return: the list of :class:`Difference` from before
        """
        self.ensure_one()
        self._check_follows(values)
        differences = self._compare_offer(values)
        if differences:
            header = {name: value for difference in differences for name, value in difference.values.items()}
            commands = [command for difference in differences for command in difference.commands]
            self.write({**header, "order_line": commands})
            self._arrange_lines(values)
            self._message_log(body=self._render_differences(differences))
        return differences

    def _check_follows(self, values):
        if self.state not in ("draft", "sent") or self.locked:
            raise UserError(
                self.env._("%s is not open any more and stays as it is. Make another quotation.", self.name)
            )
        if self.company_id.id != values["company_id"]:
            raise UserError(
                self.env._("%s belongs to another company. Cancel it, and make another quotation.", self.name)
            )

    def _arrange_lines(self, values):
        """Put the lines into the order of the offer; those added by hand stay above it, or come below."""
        lines = self.order_line.sorted()
        offered = lines.filtered("is_offered")
        above = lines[: next((number for number, line in enumerate(lines) if line in offered), 0)]
        rows = [row for *_command, row in values["order_line"]]
        groups = self._group_rows(rows)
        for origin, group in offered.grouped("opportunity_line_id").items():
            for line, row in zip(group, groups.get(origin.id, []), strict=False):
                line.sequence = row["sequence"]
        for number, line in enumerate(above, -len(above)):
            line.sequence = 10 * number
        for number, line in enumerate(lines - offered - above, len(rows) + 1):
            line.sequence = 10 * number

    def _render_differences(self, differences):
        texts = [
            ": ".join(filter(None, (difference.name, " → ".join(filter(None, (difference.before, difference.after))))))
            for difference in differences
        ]
        kinds = self._get_difference_kinds()
        items = Markup().join(
            Markup("<li>%s – %s</li>") % (kinds[difference.kind], text)
            for difference, text in zip(differences, texts, strict=True)
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (self.env._("Updated from the opportunity:"), items)

    def _get_difference_kinds(self):
        return {
            "added": self.env._("Added"),
            "removed": self.env._("Removed"),
            "changed": self.env._("Changed"),
            "ordered": self.env._("Rearranged"),
        }
