"""What generated models are made of, and how they are written as JSON.

In: the classes of a generated package, and values of them. Out: what a class declares (`types`), and bytes of JSON
(`encoding`). Nothing here reads JSON; a type is looked at once, and what was learned is cached.
"""
