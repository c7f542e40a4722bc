import base64
import re
from urllib.parse import parse_qs, urlsplit

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_open
from odoo.tools.mimetypes import guess_mimetype

from ..tools import paper

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
ATTACHMENT = re.compile(r"/web/(?:image|content)/(?P<id>\d+)(?:-[^/]*)?(?:/[^/]*)?")
FIELD = re.compile(r"/web/(?:image|content)/(?P<model>[a-z_][a-z0-9_.]*)/(?P<id>\d+)(?:-[^/]*)?/(?P<field>\w+)(?:/.*)?")
FONT = re.compile(r"/(web/static/fonts/(?:[A-Za-z_]+/)*[A-Za-z-]+\.(?:ttf|woff2?))")


class IrActionsReport(models.Model):
    """What an exact report may refer to: images of the database that the reader may read, and fonts of Odoo."""

    _inherit = "ir.actions.report"

    @api.model
    def _get_local_resource(self, url):
        """Return what is at any address as ``(bytes, mimetype)``, None for all but images of the database and fonts."""
        path = paper.get_local_path(url)
        return path and self._get_paper_resource(path)

    @api.model
    def _get_paper_resource(self, path):
        """Return the image at a path such as ``/web/image/7`` or ``/web/image/res.partner/7/image_128``, or a font.

        The current user's rights hold, or the token in the address, as when a browser asks for it. Drawings (SVG) are
        left out: they may refer to more.

        :return: ``(bytes, mimetype)``, or None when there is no such image or the user may not see it
        """
        parts = urlsplit(path)
        font = FONT.fullmatch(parts.path)
        if font:
            return self._read_font(font[1])
        match = ATTACHMENT.fullmatch(parts.path) or FIELD.fullmatch(parts.path)
        if not match:
            return None
        found = match.groupdict()
        token = parse_qs(parts.query).get("access_token", [None])[0]
        try:
            return self._read_image(
                found.get("model", "ir.attachment"), int(found["id"]), found.get("field", "raw"), token
            )
        except UserError:  # AccessError and MissingError are kinds of it
            return None

    @api.model
    def _read_font(self, path):
        try:
            with file_open(path, "rb", filter_ext=(".ttf", ".woff", ".woff2")) as stream:
                return stream.read(), "font/ttf"
        except OSError:
            return None

    @api.model
    def _read_image(self, model, res_id, field, token):
        record = self.env["ir.binary"]._find_record(res_model=model, res_id=res_id, access_token=token, field=field)
        if model == "ir.attachment":
            content = record.type == "binary" and record.raw
        else:
            self._check_image_field(model, field)
            content = base64.b64decode(record.with_context(bin_size=False)[field] or b"")
        mimetype = guess_mimetype(content or b"")
        return (content, mimetype) if mimetype in IMAGES else None

    @api.model
    def _check_image_field(self, model, name):
        field = self.env[model]._fields.get(name)
        if field is None or field.type != "binary":
            raise UserError(self.env._("%s is not a picture.", name))
        self.env[model]._check_field_access(field, "read")
