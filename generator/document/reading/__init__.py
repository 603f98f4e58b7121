"""Text -> a tree whose values know their lines: YAML by the events of a parser, and JSON by a reader of its own.

`read_json` takes what is JSON without doubt, and means the same to both; whatever else there is goes to `read_yaml`.
"""
