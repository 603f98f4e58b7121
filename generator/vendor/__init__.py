"""What a provider published -> one document, as `specs/<provider>/openapi.yaml` holds it.

Sources are files, documentation pages that embed OpenAPI, folders of these, and URLs (`sources.py`, `pages.py`,
`fetching.py`). Documents of one API are merged (`merge.py`), and cut to the operations that a provider needs
(`slice.py`). Where neither is necessary, the bytes are those that were published; else `yaml_text.py` writes them.
`record.py` writes down where they came from. Nothing but `fetching.py` uses the network.
"""
