"""`diff OLD NEW --accept CAUSE --reason TEXT` -> entries of the providers' accepted.yaml.

Comes in: a comparison, fingerprints of its report, and a reason. Goes out: new entries, appended to files whose other
lines stay as they are; all of them, or none where anything is wrong.
"""
