def post_init_hook(env):
    """Give the opportunities that exist on the day of installation their past."""
    env["opportunity.stage.move"]._create_from_tracking()
