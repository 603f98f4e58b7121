"""`normalization.yaml` and `workflow-run.yaml` -> the checked values of `normalization`.

Comes in: a document, the client package that it maps, and the unified model. Goes out: a frozen `Mapping`, or all
problems at once. Every pointer that a mapping names is followed through the client's models, and every value of a
response and every unified field is accounted for: mapped, or left out for a reason.
"""
