"""The table of commands: what the help lists and where each one lives, nothing imported."""

from __future__ import annotations

from typing import Literal, NamedTuple

from aswiki.lang import N_

Role = Literal["reads", "writes", "plain"]
"""Which shared options a command takes; ``plain`` is one that needs no wiki or makes one."""

START, WRITE, READ = N_("Start"), N_("Write"), N_("Read")
REPORT, CHECK, SHARE = N_("Report"), N_("Check"), N_("Share")
PANELS = (START, WRITE, READ, REPORT, CHECK, SHARE)


class Command(NamedTuple):
    """One command: a plain function, looked up when it is run, helped or completed."""

    module: str
    function: str
    role: Role
    panel: str
    help: str


class Group(NamedTuple):
    """Commands that share a first word."""

    panel: str
    help: str
    commands: dict[str, Command]


_ABOUT = "aswiki.cli.about"
_START, _WRITE, _LOG = "aswiki.cli.start", "aswiki.cli.write", "aswiki.cli.log"
_KEEP, _PLEDGE = "aswiki.cli.keep", "aswiki.cli.pledge"
_SPEND, _BRIEF = "aswiki.cli.spend", "aswiki.cli.brief"
_EVIDENCE = "aswiki.cli.evidence"
_READ, _REPORT, _CHECK = "aswiki.cli.read", "aswiki.cli.report", "aswiki.cli.check"
_KEY = "aswiki.cli.key"
_ANCHOR = "aswiki.cli.anchor"

COMMANDS: dict[str, Command | Group] = {
    "init": Command(_START, "init", "plain", START, N_("Make a wiki, in a new or existing folder")),
    "demo": Command(_START, "demo", "plain", START, N_("Make an example wiki to try things in")),
    "doctor": Command(_START, "doctor", "plain", START, N_("Say what is missing or unsafe")),
    "help": Command(_ABOUT, "help_", "plain", START, N_("Help on a command or topic")),
    "completion": Command(
        _ABOUT, "completion", "plain", START, N_("Print a shell's completion script")
    ),
    "new-customer": Command(_WRITE, "new_customer", "writes", WRITE, N_("Add a customer")),
    "contact": Command(_WRITE, "contact", "writes", WRITE, N_("Add a customer's contact")),
    "log-incident": Command(_LOG, "log_incident", "writes", WRITE, N_("Record an incident")),
    "log-event": Command(_LOG, "log_event", "writes", WRITE, N_("Record an event of any kind")),
    "log-visit": Command(_LOG, "log_visit", "writes", WRITE, N_("Record a visit")),
    "log-complaint": Command(_LOG, "log_complaint", "writes", WRITE, N_("Record a complaint")),
    "log-communication": Command(
        _LOG, "log_communication", "writes", WRITE, N_("Record what was done beyond faults")
    ),
    "log-note": Command(
        _LOG, "log_note", "writes", WRITE, N_("Record a feeling, a signal or a sales sync")
    ),
    "log-churn": Command(_LOG, "log_churn", "writes", WRITE, N_("Record spend that was lost")),
    "assess": Command(_KEEP, "assess", "writes", WRITE, N_("Keep a verdict on a product")),
    "new-lesson": Command(_KEEP, "new_lesson", "writes", WRITE, N_("Write down what was learned")),
    "new-product": Command(_KEEP, "new_product", "writes", WRITE, N_("Add a product that we sell")),
    "promise": Command(_PLEDGE, "promise", "writes", WRITE, N_("Write down a promise")),
    "settle": Command(_PLEDGE, "settle", "writes", WRITE, N_("Say what became of a promise")),
    "accused": Command(_PLEDGE, "accused", "writes", WRITE, N_("Write down that we are accused")),
    "cleared": Command(_PLEDGE, "cleared", "writes", WRITE, N_("Clear a blame by what was said")),
    "explain": Command(_SPEND, "explain", "writes", WRITE, N_("Say why spend swung")),
    "append": Command(_WRITE, "append", "writes", WRITE, N_("Add an entry to a record's log")),
    "set": Command(_WRITE, "set_", "writes", WRITE, N_("Change fields of a record")),
    "close": Command(_WRITE, "close", "writes", WRITE, N_("Close a record")),
    "retire": Command(_WRITE, "retire", "writes", WRITE, N_("Take a record back, leaving a trace")),
    "edit": Command("aswiki.cli.edit", "edit", "writes", WRITE, N_("Open a record in the editor")),
    "attach": Command(_KEEP, "attach", "writes", WRITE, N_("Attach files to a record")),
    "release": Command(_KEEP, "release", "writes", WRITE, N_("Release words to a reader")),
    "rename": Command(_KEEP, "rename", "writes", WRITE, N_("Give a record another name")),
    "commit": Command(_WRITE, "commit", "writes", WRITE, N_("Take in edits made by hand")),
    "undo": Command(_WRITE, "undo", "writes", WRITE, N_("Take a commit back with a new one")),
    "import": Group(
        WRITE,
        N_("Make records from a file"),
        {
            "incidents": Command(
                "aswiki.cli.imports",
                "import_incidents",
                "writes",
                WRITE,
                N_("Import incidents from a file"),
            ),
            "customers": Command(
                "aswiki.cli.imports",
                "import_customers",
                "writes",
                WRITE,
                N_("Import customers from a table"),
            ),
            "contacts": Command(
                "aswiki.cli.imports",
                "import_contacts",
                "writes",
                WRITE,
                N_("Import contacts from a table or vCards"),
            ),
            "focus": Command(
                "aswiki.cli.imports",
                "import_focus",
                "writes",
                WRITE,
                N_("Import bills in FOCUS, the billing format that clouds share"),
            ),
            "bill": Command(
                "aswiki.cli.imports",
                "import_bill",
                "writes",
                WRITE,
                N_("Import bills with columns of their own"),
            ),
        },
    ),
    "list": Command(_READ, "list_", "reads", READ, N_("List records or customers")),
    "show": Command(_READ, "show", "reads", READ, N_("Show a record or a customer")),
    "similar": Command(
        "aswiki.cli.similar", "similar", "reads", READ, N_("Earlier records that are alike")
    ),
    "who": Command("aswiki.cli.who", "who", "reads", READ, N_("Who answers for it or solved it")),
    "weather": Command(
        "aswiki.cli.weather", "weather", "reads", READ, N_("The weather at a customer, and why")
    ),
    "ledger": Command(
        "aswiki.cli.ledger",
        "ledger",
        "reads",
        READ,
        N_("Promises, blame and more across all customers"),
    ),
    "due": Command("aswiki.cli.due", "due", "reads", READ, N_("What is due, most urgent first")),
    "usage": Command(_SPEND, "usage", "reads", READ, N_("A customer's spend, month by month")),
    "swings": Command(_SPEND, "swings", "reads", READ, N_("Big swings of spend, and why")),
    "sla": Command(
        "aswiki.cli.sla", "sla", "reads", READ, N_("Availability and SLA credit of a month")
    ),
    "diff": Command(
        "aswiki.cli.diff", "diff", "reads", READ, N_("What changed, by customer and record")
    ),
    "history": Command(_READ, "history", "reads", READ, N_("Who changed a record, and when")),
    "report": Command(_REPORT, "report", "reads", REPORT, N_("Report on a period, for a reader")),
    "brief": Command(_BRIEF, "brief", "reads", REPORT, N_("One page before a meeting")),
    "handover": Command(
        _BRIEF, "handover", "reads", REPORT, N_("What a successor must know on Monday")
    ),
    "merits": Command(
        _BRIEF, "merits", "reads", REPORT, N_("One engineer's record of work, for a review")
    ),
    "validate": Command(_CHECK, "validate", "reads", CHECK, N_("Check records against the rules")),
    "review": Command(
        "aswiki.cli.review", "review", "reads", CHECK, N_("Check what commits change")
    ),
    "verify": Command(
        "aswiki.cli.verify", "verify", "reads", CHECK, N_("Check who wrote what, and when")
    ),
    "anchor": Command(_ANCHOR, "anchor", "reads", CHECK, N_("Pin down all that is recorded")),
    "receipt": Command(_ANCHOR, "receipt", "reads", CHECK, N_("Print the newest anchor's line")),
    "witness": Command(_ANCHOR, "witness", "reads", CHECK, N_("Sign a history that only grew")),
    "key": Group(
        CHECK,
        N_("Who may sign, in a signed wiki"),
        {
            "add": Command(_KEY, "key_add", "writes", CHECK, N_("Let a key sign as somebody")),
            "retire": Command(
                _KEY, "key_retire", "writes", CHECK, N_("Retire a key: its time is over")
            ),
            "list": Command(_KEY, "key_list", "reads", CHECK, N_("List the keys that may sign")),
        },
    ),
    "evidence": Group(
        CHECK,
        N_("Evidence that leaves the house"),
        {
            "export": Command(
                _EVIDENCE, "export", "reads", CHECK, N_("Write a package that a stranger can check")
            ),
            "check": Command(
                _EVIDENCE, "check", "plain", CHECK, N_("Check a package or a proof, without a wiki")
            ),
            "prove": Command(
                _EVIDENCE, "prove", "reads", CHECK, N_("Prove one record, and show no other")
            ),
        },
    ),
    "textconv": Command(
        "aswiki.cli.diff", "textconv", "plain", SHARE, N_("Print a record for git's own diff")
    ),
    "merge-driver": Command(
        "aswiki.cli.merging", "merge_driver", "plain", SHARE, N_("Merge records; git calls it")
    ),
    "schema": Command(_CHECK, "schema", "reads", CHECK, N_("Print the schema of record types")),
    "sync": Command(
        "aswiki.cli.sync", "sync", "reads", SHARE, N_("Exchange what was written with a remote")
    ),
}
"""Every command by its name, in the order the help lists them within a panel."""


def find(path: tuple[str, ...]) -> Command | Group | None:
    """The entry under the words of ``path``; nothing for a name the table does not hold."""
    entry = COMMANDS.get(path[0]) if path else None
    if len(path) == 2:
        return entry.commands.get(path[1]) if isinstance(entry, Group) else None
    return entry
