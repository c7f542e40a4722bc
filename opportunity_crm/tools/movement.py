"""Where a movement leads along an ordered path of stages. Pure Python, imports nothing of Odoo."""


def direction(path, origin, destination):
    """Tell the direction of a movement between two stages of a path.

    :param list path: stages in the order in which a deal passes them
    :param origin: the stage left, None when the deal enters the path
    :param destination: the stage entered
    :return: ``"forward"`` to the next stage, ``"skip"`` when stages were left out, ``"back"``, or None when there is
        no direction: an entry, no change of stage, or a stage that is not on the path

    >>> direction(["new", "offer", "won"], "new", "offer")
    'forward'
    >>> direction(["new", "offer", "won"], "new", "won")
    'skip'
    >>> direction(["new", "offer", "won"], "offer", "new")
    'back'
    >>> direction(["new", "offer", "won"], None, "new") is None
    True
    >>> direction(["new", "offer"], "elsewhere", "offer") is None
    True
    """
    if origin == destination or origin not in path or destination not in path:
        return None
    distance = path.index(destination) - path.index(origin)
    if distance < 0:
        return "back"
    return "forward" if distance == 1 else "skip"
