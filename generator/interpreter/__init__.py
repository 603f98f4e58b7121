"""How the generator uses Python itself, where Python's usual way takes long for so much data. Knows no stage."""
