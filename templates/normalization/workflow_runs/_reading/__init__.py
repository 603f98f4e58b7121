"""What adapters use: converters, tables of status words, notes of what could not be read."""
