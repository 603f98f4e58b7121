"""The members of a union that have the same JSON type in two versions -> findings, and the pairs of them to compare.

`compare` comes first. `same` says which members are the same in both versions, `discriminators` what tells them apart,
and `mistaken` as what a client reads one that it does not know.
"""
