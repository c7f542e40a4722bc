from . import opportunity_next_action
