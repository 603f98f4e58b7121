"""Items of two versions -> which old item is the same as which new one.

`items` pairs anything by names, traits and likeness. `operations` pairs the operations of an API, for all layers.
"""
