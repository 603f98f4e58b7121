"""`normalization.yaml` and `workflow-run.yaml` -> the checked values of `normalization`.

Comes in: a document, the client package that it maps, and the unified model. Goes out: a frozen `Mapping`, or all
problems at once. Every place that a mapping names is followed through the client's models, and nothing that a response
tells or a unified field needs is passed over in silence.
"""
