"""`WorkflowRun`: a run in the normal form, with the response that it was made from."""
