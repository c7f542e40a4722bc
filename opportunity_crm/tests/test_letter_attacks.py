from odoo.exceptions import ValidationError

from .common_letters import LetterCase

REACHING = [
    "contact.name.upper()",
    "contact.env",
    "contact.__class__",
    "contact.name.__class__.__mro__",
    "contact['name']",
    "object.partner_id.name",
    "object",
    "user.password",
    "env['res.users'].sudo().search([])",
    "self.env.cr",
    "ctx",
    "company.id",
    "owner.password",
    "opportunity.expected_revenue",
    "opportunity.message_ids",
    "opportunity.x_missing",
    "opportunity.company_id.name",
    "contact.name or 1",
    "7*7",
    "%(contact.name)s",
    "lines.table.unlink",
    "open('/etc/passwd').read()",
    "file:///etc/passwd",
    "https://evil.example/x",
    "contact.name ||| today",
    "",
]
CODE = [
    '<t t-out="object.env.cr.dbname"/>',
    '<p t-esc="7*7">x</p>',
    '<p t-raw="7*7">x</p>',
    '<t t-call="web.layout"/>',
    '<t t-foreach="env[\'res.users\'].search([])" t-as="user"><b t-out="user.login"/></t>',
    '<t t-set="x" t-value="7*7"/>',
    '<img t-att-src="object.name"/>',
    '<p t-attf-class="{{7*7}}">x</p>',
    '<p t-field="user.login"/>',
    '<p T-OUT="7*7">x</p>',
    '<a href="{{contact.email}}">x</a>',
    '<p style="background: {{contact.name}}">x</p>',
]


class TestLetterAttacks(LetterCase):
    """A sales manager writes letters; none of them reaches further than the list of fields, whichever way it came."""

    def assertRefused(self, write):
        stored = self.letter._fields["body"]._get_stored_translations(self.letter)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            write()
        self.env.invalidate_all()
        self.assertEqual(self.letter._fields["body"]._get_stored_translations(self.letter), stored)

    def test_expressions(self):
        for expression in REACHING:
            field = "{{%s}}" % expression
            for name, text in (("subject", field), ("enclosures", field), ("body", f"<p>{field}</p>")):
                with self.subTest(name=name, expression=expression):
                    self.assertRefused(lambda name=name, text=text: self.letter.write({name: text}))
                    self.assertRefused(lambda name=name, text=text: self.create_letter(**{name: text}))

    def test_expressions_in_translations(self):
        for expression in REACHING:
            term = "{{%s}}" % expression
            with self.subTest(expression):
                self.assertRefused(
                    lambda term=term: self.letter.update_field_translations("body", {"fr_FR": {"Hello": term}})
                )
                self.assertRefused(lambda term=term: self.letter.update_field_translations("subject", {"fr_FR": term}))
                self.assertRefused(
                    lambda term=term: self.letter.with_context(lang="fr_FR").write({"body": f"<p>{term}</p>"})
                )

    def test_expressions_in_an_import(self):
        for expression in REACHING[:6]:
            with self.subTest(expression):
                result = self.letter.load(["name", "body"], [["Loaded", "<p>{{%s}}</p>" % expression]])
                self.assertFalse(result["ids"])
                self.assertIn("error", {message["type"] for message in result["messages"]})

    def test_code(self):
        for code in CODE:
            with self.subTest(code):
                self.assertRefused(lambda code=code: self.letter.write({"body": f"<p>Hello</p>{code}"}))
                self.assertRefused(lambda code=code: self.create_letter(body=code))
                self.assertRefused(
                    lambda code=code: self.letter.update_field_translations("body", {"fr_FR": {"Hello": code}})
                )
                self.assertFalse(self.letter.load(["name", "body"], [["Loaded", code]])["ids"])

    def test_scripts_are_taken_out(self):
        letter = self.merge(
            '<p onclick="alert(1)">Hello<script>alert(2)</script><iframe src="file:///etc/passwd"></iframe>'
            '<a href="javascript:alert(3)">x</a><object data="x"></object><embed src="x"><style>p {}</style></p>'
        )
        self.assertIn("Hello", letter["body"])
        for word in ("alert", "script", "iframe", "object", "embed", "style", "passwd"):
            self.assertNotIn(word, letter["body"])

    def test_what_is_hidden_in_pieces(self):
        for body in (
            "<p>{<script>x</script>{contact.env}}</p>",
            "<p>{{contact<!-- -->.env}}</p>",
            "<p>{{<i>user</i>}}</p>",
        ):
            with self.subTest(body):
                self.assertRefused(lambda body=body: self.letter.write({"body": body}))

    def test_entities_and_spaces_are_what_they_look_like(self):
        self.assertRefused(lambda: self.letter.write({"body": "<p>&#123;&#123;contact.env&#125;&#125;</p>"}))
        self.assertEqual(self.merge("<p>{{&nbsp;contact.name }}</p>")["body"], "<p>Ann Archer</p>")

    def test_values_stay_text(self):
        self.ann.name = '<script>alert(1)</script>{{company.name}}<t t-out="7*7"/>"\''
        self.deal.name = "{{owner.email}}"
        letter = self.merge("<p>{{contact.name}} {{opportunity.name}}</p>", subject="{{opportunity.name}}")
        self.assertNotIn("<script", letter["body"])
        self.assertNotIn("<t ", letter["body"])
        self.assertIn("{{company.name}}", letter["body"])
        self.assertIn("{{owner.email}}", letter["body"])
        self.assertEqual(letter["subject"], "{{owner.email}}")

    def test_code_that_a_translator_loads_does_not_run(self):
        self.env.cr.execute(
            """UPDATE opportunity_letter_template SET body = jsonb_build_object('en_US', %s) WHERE id = %s""",
            ['<p>Hello<script>x</script><img src="x" onerror="y"></p>', self.letter.id],
        )
        self.letter.invalidate_recordset()
        body = self.letter.with_user(self.rep)._merge([(self.deal, self.ann)])[0]["body"]
        self.assertEqual(body, '<p>Hello<img src="x"></p>')
