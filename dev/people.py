"""Who can log in to the demo database, and what to click first. The one place for both."""

from typing import NamedTuple


class Person(NamedTuple):
    """A login of the demo database."""

    role: str
    login: str
    password: str


PEOPLE = (
    Person("administrator", "admin", "admin"),
    Person("sales manager", "maya", "maya"),
    Person("sales rep", "leo", "leo"),
    Person("sales rep", "nina", "nina"),
)

FIRST_CLICKS = (
    "Log in as leo, open CRM: the pipeline of a sales rep.",
    "Open an opportunity with a template: stages, next action, Sales History.",
    "CRM > Sales > New from Template: take a deal of your own through its stages.",
    "Log in as admin, CRM > Configuration > Opportunity Templates: change how deals are worked.",
)


def person(login):
    """The person with this login, or one whose password equals it."""
    return next((found for found in PEOPLE if found.login == login), Person("", login, login))


def welcome(address):
    """What `make demo` prints when the server answers."""
    logins = "\n".join(f"  {person.role:14} {person.login} / {person.password}" for person in PEOPLE)
    clicks = "\n".join(f"  {number}. {text}" for number, text in enumerate(FIRST_CLICKS, 1))
    title = f"Odoo 19 with Opportunity CRM: {address}"
    return f"\n{title}\n\nLogins\n{logins}\n\nWhat to click first\n{clicks}\n\nCtrl-C stops it.\n"
