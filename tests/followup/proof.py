"""Starting workers and looking at what they left."""

import subprocess
from pathlib import Path

from dev import cluster, paths, server

TIMEOUT = 900  # of a process, in seconds, on a busy machine
HERE = Path(__file__).parent


class Proof:
    """A database with the addon and opportunities in a sequence, its mail server, and workers on it."""

    def __init__(self, database, sink, size, **environment):
        self.database, self.sink, self.size = database, sink, size
        self.run("prepare", SIZE=size, PORT=sink.port, **environment)

    @classmethod
    def of_copy(cls, proof, database):
        """The same in a copy of its database, with what was started there."""
        copy = cls.__new__(cls)
        copy.database, copy.sink, copy.size = database, proof.sink, proof.size
        return copy

    def begin(self, script, **environment):
        """Start a script in Odoo's shell, in a process of its own."""
        command = server.command("shell", "-d", self.database, "--no-http", "--log-level=error")
        with (HERE / f"{script}.py").open() as stream:
            return subprocess.Popen(
                command,
                cwd=paths.neutral(),
                env={**self.environment(), **{name: str(value) for name, value in environment.items()}},
                stdin=stream,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def environment(self):
        """The environment of a script: Odoo's, and this package."""
        environment = server.environment()
        return {**environment, "PYTHONPATH": f"{environment['PYTHONPATH']}:{HERE.parent}"}

    def wait(self, process):
        """Wait for a process and return what it printed; one that hangs is ended."""
        try:
            return process.communicate(timeout=TIMEOUT)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            return f"ended after {TIMEOUT} seconds: {process.communicate()[0]}"

    def run(self, script, **environment):
        """Run a script to its end."""
        process = self.begin(script, **environment)
        output = self.wait(process)
        assert process.returncode == 0, f"{script}: {process.returncode}\n{output}"
        return output

    def kill(self, **environment):
        """Run a worker that dies; return whether it did."""
        process = self.begin("worker", **environment)
        self.wait(process)
        assert process.returncode in (0, -9), process.returncode
        return process.returncode == -9

    def sql(self, query):
        return cluster.sql(query, self.database)

    def count(self, query):
        return int(self.sql(query)[0][0])

    def check_once(self, kills, but=0):
        """Hold that every step happened once, none is lost, and what nobody knows is said to be in doubt."""
        size = self.size - but
        done = "SELECT count(*) FROM opportunity_enrollment WHERE state = 'completed' AND end_reason = 'done'"
        assert self.count(done) == size
        assert self.count("SELECT count(*) FROM opportunity_enrollment_step WHERE state = 'done'") >= 6 * size
        groups = "SELECT 1 FROM opportunity_enrollment_step GROUP BY enrollment_id, step_id HAVING count(*) > 1"
        assert self.count(f"SELECT count(*) FROM ({groups}) AS twice") == 0
        for number in (1, 2):
            notes = f"FROM mail_message WHERE model = 'crm.lead' AND body LIKE '%proof-note-{number}%'"
            assert self.count(f"SELECT count(*) {notes}") == self.count(f"SELECT count(DISTINCT res_id) {notes}")
        activities = "FROM mail_activity WHERE res_model = 'crm.lead'"
        assert self.count(f"SELECT count(*) {activities}") == size
        assert self.count(f"SELECT count(DISTINCT res_id) {activities}") == size
        self.check_mails(kills, size)

    def check_mails(self, kills, size):
        got = [(mail["to"], mail["subject"]) for mail in self.sink.received]
        assert len(got) == len(set(got)), "an e-mail arrived twice"
        states = dict(
            self.sql("SELECT delivery, count(*) FROM opportunity_enrollment_step WHERE delivery IS NOT NULL GROUP BY 1")
        )
        doubtful = int(states.pop("doubt", 0))
        assert doubtful <= kills
        assert states == {"sent": str(2 * size - doubtful)}, states
        assert int(states["sent"]) <= len(got) <= 2 * size
        if got:
            assert all(mail["headers"]["List-Unsubscribe-Post"] for mail in self.sink.received)
