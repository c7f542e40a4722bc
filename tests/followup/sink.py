"""A mail server on loopback that keeps what it gets."""

import logging
from email import message_from_bytes

from aiosmtpd.controller import Controller

from dev import server

logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink:
    """Takes every e-mail and remembers to whom it went; use as a context manager."""

    def __init__(self):
        self.received = []
        self.controller = Controller(self, hostname=server.HOST, port=server.free_port())

    @property
    def port(self):
        return self.controller.port

    async def handle_DATA(self, _server, _session, envelope):
        message = message_from_bytes(envelope.content)
        self.received.append({"to": envelope.rcpt_tos[0], "subject": str(message["Subject"]), "headers": message})
        return "250 OK"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_exception):
        self.controller.stop()
