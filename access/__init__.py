"""Who may do what: AWS policies parsed strictly, a request decided layer by layer, the decision in plain words."""
