"""The form of a run, as `specs/workflow-run.yaml` describes it: models, words and the JSON Schema."""
