"""Write the file with columns and instructions that the import screen offers; run when a column changes.

<python of the environment> dev/inside/import_template.py opportunity_crm/static/xls/opportunities.xlsx
"""

import sys
from datetime import date

import xlsxwriter

COLUMNS = [  # the column, what to write in it, an example
    ("External ID", "A name of your own for the row; importing it again updates the opportunity.", "deal-1"),
    ("Opportunity", "What the deal is called. Required.", "New office in Ghent"),
    ("Contact", "A contact that is there already: its name, e-mail or reference.", ""),
    ("Company Name", "The company, where there is no contact yet.", "Wood Corner"),
    ("Contact Name", "The person, where there is no contact yet.", "Ana Berg"),
    ("Email", "The e-mail of the person.", "ana.berg@example.com"),
    ("Phone", "The phone of the person.", "+32 9 000 00 00"),
    ("Template", "The type of opportunity, by its name. Leave empty for the default of the team.", "New Account"),
    ("Stage", "A stage of that template, by its name. Leave empty for the first.", "Identified"),
    ("Salesperson", "The user who owns it, by name or login. Empty: nobody.", ""),
    ("Sales Team", "The team, by name.", ""),
    ("Next Action", "Date of what is to be done next; it becomes an activity.", date(2030, 1, 15)),
    ("Next Action Note", "What is to be done then. Needs a date.", "Call about the plans"),
    ("Expected Closing", "When you expect to close the deal.", date(2030, 3, 31)),
    ("Expected Revenue", "What is due once. Opportunities with products have their amounts.", 12500),
    ("Recurring Revenues", "What is due for every period; needs Recurring Revenues in the settings.", ""),
    ("Recurring Plan", "How often that is due, by the name of the plan.", ""),
    ("Tags", "Tags by name, with commas between them.", ""),
    ("Notes", "Anything else, several lines if you like.", "Met at the fair.\nWants to see the workshop."),
    ("Coverage Groups", "Coverage groups by name, with commas between them.", ""),
    ("Products/Product", "A product that is offered; more products on rows below, with nothing else on them.", ""),
    ("Products/Quantity", "How many of it.", ""),
    ("Products/Price", "A special price; without the column, what the pricelist says.", ""),
    ("Products/Discount (%)", "From 0 to 100.", ""),
    ("Shares/User", "With whom it is shared; more people on rows below, with nothing else on them.", ""),
    ("Shares/Access", "Can Read or Can Edit.", ""),
    ("Shares/Until", "Last day of the access. Empty: no end.", ""),
    ("Shares/Reason", "Why it is shared.", ""),
]


def write(path):
    """Write the workbook: the columns with an example first, as Odoo reads the first sheet, then the instructions."""
    with xlsxwriter.Workbook(path) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        rows, help_ = book.add_worksheet("Opportunities"), book.add_worksheet("Instructions")
        rows.freeze_panes(1, 2)
        help_.set_column(0, 0, 24, wrap)
        help_.set_column(1, 1, 90, wrap)
        help_.write_row(0, 0, ("Column", "What to write"), bold)
        for number, (column, text, example) in enumerate(COLUMNS):
            rows.set_column(number, number, max(14, len(column) + 2))
            rows.write(0, number, column, bold)
            rows.write(1, number, example, day if isinstance(example, date) else None)
            help_.write_row(number + 1, 0, (column, text))


if __name__ == "__main__":
    write(sys.argv[1])
