"""Secrets, and which of them a call sends.

In: constructor arguments, environment variables and the security requirements of an API. Out: `SentCredential`s, whose
value is revealed only where a request is signed. No `repr`, message or traceback shows a secret.
"""
