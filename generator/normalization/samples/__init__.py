"""What a fake server of a provider answers, for tests of programs that use `workflow-runs`.

Comes in: a checked mapping. Goes out: its sample, as JSON: the request that gets a run, an answer to it, and for each
status word what the answer has then. Answers follow from the types of the response, from the examples of the document
where they fit, and from what the mapping reads at a pointer.
"""
