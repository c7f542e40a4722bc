import re

from odoo import models

from .ir_attachment import BOXES

# What a browser may run or take for a page of this site. Office formats are zip archives in spite of their name.
UNSAFE = re.compile(r"html|xml|svg|script|css|xsl|mathml|x-mixed-replace|xhtml|hta\b|message/|flash")
OFFICE = "application/vnd.openxmlformats"


class IrBinary(models.AbstractModel):
    """How documents of file boxes leave the server: by rights, and never as something that a browser runs."""

    _inherit = "ir.binary"

    def _find_record(self, *args, **kwargs):
        record = super()._find_record(*args, **kwargs)
        if record._name == "ir.attachment":  # a limited token would have been enough for Odoo
            record.with_env(self.env)._check_held()
        return record

    def _get_stream_from(self, record, *args, **kwargs):
        """Let unsafe types be saved, not shown, whatever type the address asks for."""
        stream = super()._get_stream_from(record, *args, **kwargs)
        if record._name == "ir.attachment" and self._is_unsafe(stream.mimetype) and self._is_in_file_box(record):
            stream.mimetype = "application/octet-stream"
        return stream

    def _is_unsafe(self, mimetype):
        mimetype = (mimetype or "").lower()
        return bool(UNSAFE.search(mimetype)) and not mimetype.startswith(OFFICE)

    def _is_in_file_box(self, attachment):
        # sudo: who may download it may have it this way
        document = attachment.sudo()
        return document.res_model in BOXES and not document.res_field
