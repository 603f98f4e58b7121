"""A description of an API -> a first draft of a provider's folder, in which a person decides what is marked with `?`.

In comes a document, read as `generate` reads it; out go the texts of `overlay.yaml`, `provider.yaml` and
`normalization.yaml`. What is drafted follows from names, types, formats and words alone, whoever the provider is.
Whatever could be wrong is marked (`undecided.py`), so that nothing is generated from a guess.
"""
