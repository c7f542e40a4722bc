from . import crm_quotation_partner
from . import crm_lead_lost
from . import opportunity_next_action
from . import opportunity_step_skip
from . import opportunity_template_publish
from . import opportunity_template_migration
from . import opportunity_template_migration_line
from . import mail_compose_message
