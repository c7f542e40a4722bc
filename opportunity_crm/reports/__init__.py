from . import opportunity_stage_velocity
