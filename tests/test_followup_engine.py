"""R2, R3 and R4: whatever happens to the workers, each step of a sequence happens once and none is lost."""

import pytest
from followup.proof import Proof
from followup.sink import Sink

from dev import databases, server

NAMED = (
    *("claimed", "e-mails queued", "activities planned", "recorded", "next planned"),
    *("before the commit", "after the commit", "marked as being sent", "accepted by the mail server", "sending noted"),
)
KILLS = 100
LATER = """
SELECT count(*) FROM paused_rows AS old JOIN opportunity_enrollment_step AS row USING (id)
 WHERE row.state <> old.state OR row.delivery IS DISTINCT FROM old.delivery
"""
DONE = """
SELECT count(*) FROM opportunity_enrollment_step AS row JOIN opportunity_sequence_step AS step ON step.id = row.step_id
 WHERE row.state = 'done' AND step.kind = '{}'
"""
STATES = "SELECT state, delivery, count(*) FROM opportunity_enrollment_step GROUP BY 1, 2 ORDER BY 1, 2"
CRON = """
SELECT active, failure_count FROM ir_cron
 WHERE id = (SELECT res_id FROM ir_model_data WHERE name = 'ir_cron_run_followups')
"""


@pytest.fixture(scope="module")
def installed():
    """A database with the addon, to be copied."""
    name = databases.scratch_name("followup")
    try:
        server.ensure()
        databases.clone(databases.template(), name)
        databases.install(name, strict=False)
        yield name
    finally:
        databases.drop(name)


@pytest.fixture
def make_proof(installed):
    """A function that makes a :class:`Proof` in a copy of that database."""
    made = []
    with Sink() as sink:

        def make(size, **environment):
            name = databases.scratch_name(f"proof{len(made)}")
            made.append(name)
            databases.clone(installed, name)
            return Proof(name, sink, size, **environment)

        yield make
    for name in made:
        databases.drop(name)


def test_killed_workers(make_proof):
    """R2, short: once at every named point."""
    proof = make_proof(60)
    assert all(proof.kill(FAULT=point, AT=1) for point in NAMED), "a worker did not die where it should"
    proof.run("worker")
    proof.check_once(len(NAMED))


@pytest.mark.long
def test_a_hundred_killed_workers(make_proof):
    """R2: a hundred kills, half of them at named points, half wherever a worker is then."""
    proof = make_proof(800)
    output = proof.run("nursery", KILLS=KILLS)
    assert f"killed: {', '.join(sorted(['at random', *NAMED]))}" in output
    proof.run("worker")
    proof.check_once(KILLS)


def test_everybody_at_once(make_proof, tmp_path):
    """R3: two engines, “run now”, pause and skip at once: each step once, and nothing after its pause."""
    proof = make_proof(80)
    together = {"PARTIES": 5, "MEETING": tmp_path, "BATCH": 4, "REST": 0.1}
    scripts = [
        *(proof.begin("worker", **together) for _engine in range(2)),
        *(proof.begin("meddle", HOW=how, **together) for how in ("run", "pause", "skip")),
    ]
    outputs = [proof.wait(script) for script in scripts]
    assert [script.returncode for script in scripts] == [0] * 5, outputs
    rows = "SELECT count(*) FROM opportunity_enrollment_step"
    assert proof.count("SELECT count(*) FROM opportunity_enrollment WHERE state = 'paused'") > 5
    assert proof.count(LATER) == 0, "something ran after its pause"
    assert proof.count(f"{rows} WHERE state = 'skipped'") > 0
    assert proof.count(f"{rows} WHERE done_by_id IS NOT NULL AND state = 'done'") > 0
    check_effects(proof)


def test_the_queue_meets_somebody(make_proof):
    """An e-mail whose row somebody writes at that moment leaves with the next run; all others leave with this one."""
    proof = make_proof(8)
    proof.kill(FAULT="after the commit", AT=2)
    queued = "SELECT count(*) FROM opportunity_enrollment_step WHERE delivery = 'queued'"
    assert proof.count(queued) == 8
    output = proof.run("meet")
    assert (proof.count(queued), len(proof.sink.received)) == (1, 7), output
    proof.run("queue")
    assert (proof.count(queued), len(proof.sink.received)) == (0, 8)


def check_effects(proof):
    """Hold that there are as many notes, activities and e-mails as rows say."""
    notes = "SELECT count(*) FROM mail_message WHERE model = 'crm.lead' AND body LIKE '%proof-note-%'"
    assert proof.count(DONE.format("note")) == proof.count(notes)
    activities = "SELECT count(*) FROM mail_activity WHERE res_model = 'crm.lead'"
    assert proof.count(DONE.format("activity")) == proof.count(activities)
    got = [(mail["to"], mail["subject"]) for mail in proof.sink.received]
    assert len(got) == len(set(got))
    sent = "SELECT count(*) FROM opportunity_enrollment_step WHERE delivery = 'sent'"
    assert proof.count(sent) == len(got)


def check_poison(proof, size):
    for _attempt in range(6):
        proof.run("cron")
        proof.sql("UPDATE opportunity_enrollment_step SET date_due = now() - interval '1 hour' WHERE state = 'due'")
    proof.run("worker")
    proof.check_once(kills=0, but=1)
    parked = proof.sql("SELECT error FROM opportunity_enrollment_step WHERE state = 'failed'")
    assert len(parked) == 1 and "division" in parked[0][0], parked
    assert proof.sql(CRON) == [["t", "0"]], "the scheduled action is not as it was"


def test_a_poisoned_step(make_proof):
    """R4, short: one row that always fails is parked, the others are done and the scheduled action stays active."""
    check_poison(make_proof(110, POISON=77), 110)


@pytest.mark.long
def test_a_poisoned_step_among_ten_thousand(make_proof):
    """R4."""
    check_poison(make_proof(10000, POISON=7777), 10000)


def test_nothing_leaves_a_copy(make_proof):
    """A copy that nobody has neutralized, made by the means of PostgreSQL: no step runs and no queued e-mail leaves."""
    proof = make_proof(20)
    proof.kill(FAULT="after the commit", AT=2)
    name = databases.scratch_name("copy")
    try:
        databases.clone(proof.database, name)
        copy = Proof.of_copy(proof, name)
        before = copy.sql(STATES)
        copy.run("cron")
        copy.run("queue")
        assert (copy.sql(STATES), proof.sink.received) == (before, [])
    finally:
        databases.drop(name)
    proof.run("worker")
    proof.check_once(kills=1)


def test_nothing_leaves_a_neutralized_database(make_proof):
    proof = make_proof(20)
    proof.kill(FAULT="e-mails queued", AT=1)
    proof.run("neutralize")
    proof.run("worker")
    assert proof.sink.received == []
    assert proof.count("SELECT count(*) FROM opportunity_enrollment WHERE state = 'paused'") == 20
