"""From a response of a provider to a `WorkflowRun`, by its adapter."""
