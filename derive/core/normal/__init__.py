"""The normal form: terms as polynomials over atoms, with exact coefficients, at any size.

Promise: a term and its normal form have the same value wherever the term is
defined, under the capabilities that the ring is given. From below: `atoms`,
the data; `labels`, canonical bound indices; `ring`, products and powers;
`functions`; `convergence` and `series`; `sums`; `moments` and `heads`,
expectations; `convert`, from terms; `show`, back to terms.
"""
