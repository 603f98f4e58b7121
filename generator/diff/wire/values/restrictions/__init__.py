"""What narrows a value without shaping its type, in two versions -> findings.

comparison      the restrictions of two types
    effects     which values schemas of JSON refuse and allow
    ambiguity   whether a value can match several members of a `oneOf`
    words       restrictions as findings say them
"""
