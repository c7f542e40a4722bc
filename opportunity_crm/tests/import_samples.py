"""Sample files of the shape that people bring from elsewhere; plain Python, and the same at each run.

    python3 import_samples.py keap_contacts|keap|nexj ROWS > sample.csv

Their oddities are on purpose: dates as written in the US, amounts with currency and thousands separator, notes of
several lines, missing e-mails, stages and people by name.
"""

import csv
import io
import random
import sys
from datetime import date, timedelta

FIRST = ("Ana", "Ben", "Chloé", "Dmitri", "Eva", "Farid", "Grace", "Hugo", "Inès", "Jürgen", "Karin", "Liam")
LAST = ("Adams", "Berg", "Castillo", "Dubois", "Evans", "Fischer", "García", "Hansen", "Ito", "Jones", "O’Neill")
WORDS = ("Rollout", "Renewal", "Pilot", "Maintenance", "Upgrade", "Licenses")
SOURCES = ("Website", "Trade Fair", "Referral", "")
TODAY = date(2026, 3, 2)
KEAP_CONTACTS = ("Id", "First Name", "Last Name", "Company", "Email", "Phone 1")
KEAP = (
    *("Opportunity Id", "Opportunity Title", "Contact Id", "First Name", "Last Name", "Company", "Email", "Phone 1"),
    *("Stage", "User", "Projected Revenue Low", "Projected Revenue High", "Next Action Date", "Next Action Notes"),
    *("Est. Close Date", "Date Created", "Lead Source", "Opportunity Notes"),
    *("Template", "Expected Revenue"),  # which one adds before importing
)
NEXJ = (
    *("Opportunity ID", "Name", "For", "Template", "Stage", "Assigned To", "Coverage Group", "Expected Close Date"),
    *("Revenue", "Description", "Product", "Quantity", "Unit Price"),
)


def contact(number):
    """The contact of that number, as Keap's columns have it."""
    rng = random.Random(f"contact {number}")
    first, last = rng.choice(FIRST), rng.choice(LAST)
    email = f"person{number}@example.com" if rng.random() > 0.1 else ""
    company = f"{last} & Sons, Inc." if rng.random() > 0.4 else ""
    return (str(20000 + number), first, last, company, email, f"(555) 010-{number % 10000:04}")


def keap_contacts(rows):
    """As many contacts as :func:`keap` has in that many rows."""
    return [KEAP_CONTACTS, *map(contact, range(max(1, rows // 4)))]


def keap(rows, template="New Account", stages=("Prospect",), users=("",)):
    """Opportunities as Keap Max Classic exports them, with the two columns that one adds."""
    table = [KEAP]
    for number in range(rows):
        rng = random.Random(f"keap {number}")
        person = contact(rng.randrange(max(1, rows // 4)))
        low = rng.randrange(1, 400) * 250
        planned = rng.random() > 0.2
        table.append(
            (
                str(number + 1),
                f"{rng.choice(WORDS)} {number + 1}",
                *person,
                rng.choice(stages),
                rng.choice(users),
                dollars(low),
                dollars(low * 2),
                us(TODAY + timedelta(rng.randrange(-60, 60))) if planned else "",
                rng.choice(("Call back", "Send the offer", "Check, with legal")) if planned else "",
                us(TODAY + timedelta(rng.randrange(13, 200))),
                us(TODAY - timedelta(rng.randrange(1, 900))),
                rng.choice(SOURCES),
                f'Wants the "large" one.\nBudget, they say, is there.\n\nNo {number + 1}',
                template,
                dollars(low * 2),
            )
        )
    return table


def nexj(rows, template="New Account", stages=("Prospect",), users=("",), groups=("",), products=("",)):
    """Opportunities as a data table of NexJ might be exported, some with a second product on a row of its own."""
    table, number = [NEXJ], 0
    while len(table) <= rows:
        rng, number = random.Random(f"nexj {number}"), number + 1
        table.append(
            (
                f"nexj-{number}",
                f"{rng.choice(WORDS)} {number}",
                f"Client {rng.randrange(max(1, rows // 5))}",
                template,
                rng.choice(stages),
                rng.choice(users),
                rng.choice(groups),
                (TODAY + timedelta(rng.randrange(13, 200))).isoformat(),
                f"{rng.randrange(1, 90) * 1000:,}.00",
                "Introduced by the branch.\nSecond line.",
                *item(rng, products),
            )
        )
        if len(table) <= rows and rng.random() > 0.7:
            table.append(("",) * 10 + item(rng, products))
    return table


def item(rng, products):
    """A product, its quantity and its price."""
    return (rng.choice(products), str(rng.randrange(1, 9)), f"{rng.randrange(100, 200)}.00")


def dollars(amount):
    """An amount as in a US export."""
    return f"${amount:,}.00"


def us(day):
    """A date as in a US export."""
    return day.strftime("%m/%d/%Y")


def to_csv(table):
    """The bytes of a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode()


if __name__ == "__main__":
    shape, rows = sys.argv[1:]
    sys.stdout.buffer.write(to_csv({"keap_contacts": keap_contacts, "keap": keap, "nexj": nexj}[shape](int(rows))))
