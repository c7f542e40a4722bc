from . import opportunity_credit_report
from . import opportunity_label_report
from . import opportunity_letter_report
from . import opportunity_stage_velocity
