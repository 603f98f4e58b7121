"""Where calls go, and what authenticates them: the servers and security schemes of a simplified document.

In: the document, and what `provider.yaml` names. Out: the values of `model`.
"""
