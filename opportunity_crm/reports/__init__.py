from . import opportunity_label_report
from . import opportunity_stage_velocity
