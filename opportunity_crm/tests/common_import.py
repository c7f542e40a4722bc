import csv
import io

from .common_line import LineCase

OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportCase(LineCase):
    """Files that somebody imports as the screen does it: preview, then test or import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discovery = cls.create_stage("Discovery talk", sequence=910)
        cls.group = cls.env["opportunity.coverage.group"].create({"name": "Benelux"})
        role = cls.env["opportunity.coverage.role"].create({"name": "Helper"})
        cls.group.member_ids = [(0, 0, {"user_id": cls.senior.id, "role_id": role.id})]
        cls.company.opportunity_discount_limit = 20
        cls.tag = cls.env["crm.tag"].create({"name": "Fair"})

    def run_import(self, content, mapping=None, user=None, model="crm.lead", dryrun=False, **options):
        """Import a file.

        :param content: bytes of a workbook, or the rows of a table, its header first
        :param dict mapping: ``{column: field}`` as the guide tells; what is missing is not imported. None: what Odoo
            proposes
        :return: the records and the messages
        """
        is_table = isinstance(content, list)
        wizard = (
            self.env["base_import.import"]
            .with_user(user or self.rep)
            .with_context(default_type="opportunity", tracking_disable=True)
            .create(
                {
                    "res_model": model,
                    "file": to_csv(content) if is_table else content,
                    "file_name": "deals.csv" if is_table else "deals.xlsx",
                    "file_type": "text/csv" if is_table else EXCEL,
                }
            )
        )
        preview = wizard.parse_preview({**OPTIONS, **options})
        self.assertNotIn("error", preview)
        columns = preview["headers"]
        proposed = {columns[index]: "/".join(path) for index, path in (preview["matches"] or {}).items()}
        self.assertFalse(set(mapping or {}) - set(columns), "each column of the guide is in the file")
        fields = [(proposed if mapping is None else mapping).get(column, False) for column in columns]
        result = wizard.execute_import(fields, columns, {**preview["options"], **options}, dryrun=dryrun)
        ids = result.get("ids") or []
        return self.env[model].browse([] if dryrun else ids), result["messages"]

    def assertImported(self, *args, **kwargs):
        records, messages = self.run_import(*args, **kwargs)
        self.assertFalse([message for message in messages if message["type"] == "error"])
        return records

    def assertRefused(self, row, pattern, user=None):
        """One bad row among good ones is named, with the reason, and nothing of the file is written."""
        columns = ["Opportunity", *row]
        blank = [""] * len(row)
        table = [columns, ["Good one", *blank], ["Bad one", *row.values()], ["Good two", *blank]]
        before = self.env["crm.lead"].search_count([])
        activities = self.env["mail.activity"].search_count([])
        records, messages = self.run_import(table, user=user)
        errors = [message for message in messages if message["type"] == "error"]
        self.assertFalse(records)
        self.assertRegex("\n".join(message["message"] for message in errors), pattern)
        self.assertIn(1, [message["rows"]["from"] for message in errors], "the row is named")
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
        self.assertEqual(self.env["mail.activity"].search_count([]), activities)


def to_csv(table):
    """The bytes of a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode()
