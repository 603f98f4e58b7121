"""The normalization layer: how responses of providers become runs of the unified model.

Comes in (`read/`): `normalization.yaml`, the provider's API and the unified model. Goes out (`render/`): the package
`workflow-runs`. Between them a mapping is a frozen value (`mapping.py`), in which every pointer, unified field and word
has been checked against both sides.
"""
