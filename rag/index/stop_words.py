"""English words too common to tell one passage from another in keyword search."""

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for
    from further get gets getting got had hadn't has hasn't have haven't having he her here hers herself him himself his
    how i i'd i'll i'm i've if in into is isn't it it's its itself just let's me more most my myself no nor not of off
    on once only or other ought our ours ourselves out over own please same she should shouldn't so some such tell than
    that that's the their theirs them themselves then there there's these they they're this those through to too under
    until up us very was wasn't we were weren't what what's when where which while who whom why will with won't would
    wouldn't you you'd you'll you're your yours yourself yourselves im ive dont cant whats
    """.split()
)
