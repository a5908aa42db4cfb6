"""The trusted code: everything that a wrong `Proved` could come from, and nothing else.

From below: `errors`; `terms`, the vocabulary; `claims`, what is claimed and
found; `meaning`, what a term is worth in one model; `normal`, the normal form,
with `bounds` and `facts`, what follows from the givens; `rules`, the named licences;
`assume`, `defined` and `closing`, the parts of a proof; `kernel`, which alone
makes `Proved` and `Refuted`.
"""
