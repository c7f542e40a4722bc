import json
import unicodedata

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..models.ir_attachment import BOXES


class FileBox(http.Controller):
    """Uploads into file boxes: as Odoo's own route for attachments, but a file box decides where they are kept."""

    @http.route("/opportunity_crm/file_box/upload", type="http", auth="user", methods=["POST"])
    def upload(self, model, id, lead_id=None, replaces=None, **_others):  # pylint: disable=redefined-builtin
        """Put the files of the request into a file box, or a new version in the place of a document.

        Odoo refuses requests above ``web.max_file_upload_size`` before they come here.

        :param model: ``crm.lead`` or ``res.partner``
        :param id: the record in whose file box they are put
        :param lead_id: the opportunity from which they come, when the record is its contact
        :param replaces: the document that the file replaces
        :return: JSON, ``[{"id", "filename", "mimetype", "size"}]`` or ``[{"error"}]``
        """
        files = [self._prepare_file(file) for file in request.httprequest.files.getlist("ufile")]
        try:
            with request.env.cr.savepoint():
                if replaces:
                    documents = self._replace(int(replaces), files)
                else:
                    documents = self._file(model, int(id), lead_id and int(lead_id), files)
        except AccessError:
            message = request.env._("You may not put documents here: for that, one must be able to edit the record.")
            return json.dumps([{"error": message}])
        except UserError as error:
            return json.dumps([{"error": str(error)}])
        return json.dumps([self._describe(document) for document in documents])

    def _replace(self, document_id, files):
        document = request.env["ir.attachment"].browse(document_id).exists()
        if not document or len(files) != 1:
            raise UserError(request.env._("Choose one file, for a document that is still there."))
        return document._replace_in_file_box(files[0])

    def _file(self, model, id_, lead_id, files):
        if model not in BOXES:
            raise UserError(request.env._("Only opportunities and contacts have a file box."))
        record = request.env[model].browse(id_).exists()
        if not record:
            raise MissingError(request.env._("This record was deleted in the meantime."))
        if lead_id:
            lead = request.env["crm.lead"].browse(lead_id)
            lead.check_access("write")
            if (model, id_) not in lead._get_file_box_keys():
                raise AccessError(request.env._("This is not the contact of the opportunity."))
            record = record if model == "res.partner" else lead
            files = [{**values, "lead_id": lead_id} for values in files]
        return record._add_to_file_box(files)

    def _prepare_file(self, file):
        # Safari sends the name decomposed, "é" as "e" and an accent: nobody would find it by typing it
        return {"name": unicodedata.normalize("NFC", file.filename), "raw": file.read()}

    def _describe(self, document):
        return {
            "id": document.id,
            "filename": document.name,
            "mimetype": document.mimetype,
            "size": document.file_size,
        }
