"""The evidence lower bound, over any finite latent variable and arbitrary laws, in nats."""

from derive import Derivation, E, H, KL, eq, full_support, ge, identity, index, law, le, log
from derive import algebra, definition, gibbs, linearity, logarithms, normalisation
from identities.sources import QUIZ_2020

y = index("y")
z = index("z")
Phi = law("Q_Phi", y, z)
Psi = law("Q_Psi", y, z)
SUPPORT = full_support(Phi, Psi)


@identity(
    source=QUIZ_2020.problem(2),
    row=["001.2a", "001.2b"],
    aliases=["elbo", "ell bo", "evidence lower bound"],
    tags=["variational"],
)
def elbo_decomposition():
    """ELBO decomposition

    The evidence is the ELBO plus a divergence, hence at least the ELBO.
    """
    return Derivation(
        log(Phi(y)),
        eq(E(log(Phi(y)), Psi(z | y)),                                              by=normalisation),
        eq(E(log(Phi(y)*Phi(z | y)/Psi(z | y) * (Psi(z | y)/Phi(z | y))), Psi(z | y)),  by=algebra),
        eq(E(log(Phi(y)*Phi(z | y)/Psi(z | y)) + log(Psi(z | y)/Phi(z | y)), Psi(z | y)),  by=logarithms),
        eq(E(log(Phi(y)*Phi(z | y)/Psi(z | y)), Psi(z | y))
           + E(log(Psi(z | y)/Phi(z | y)), Psi(z | y)),                              by=linearity),
        eq(E(log(Phi(y)*Phi(z | y)/Psi(z | y)), Psi(z | y)) + KL(Psi(z | y), Phi(z | y)),  by=definition),
        ge(E(log(Phi(y)*Phi(z | y)/Psi(z | y)), Psi(z | y)),                        by=gibbs),
        given=SUPPORT,
    )  # fmt: skip


@identity(source=QUIZ_2020.problem(2, part="a"), row="001.2a", aliases=["elbo with entropies"], tags=["variational"])
def elbo_entropies():
    """ELBO as evidence, cross-entropy and entropy"""
    return Derivation(
        E(log(Phi(y)*Phi(z | y)/Psi(z | y)), Psi(z | y)),
        eq(E(log(Phi(y)) + log(Phi(z | y)) - log(Psi(z | y)), Psi(z | y)),  by=logarithms),
        eq(E(log(Phi(y)), Psi(z | y)) + E(log(Phi(z | y)), Psi(z | y))
           - E(log(Psi(z | y)), Psi(z | y)),                               by=linearity),
        eq(log(Phi(y)) + E(log(Phi(z | y)), Psi(z | y))
           - E(log(Psi(z | y)), Psi(z | y)),                               by=normalisation),
        eq(log(Phi(y)) - H(Psi(z | y), Phi(z | y)) + H(Psi(z | y)),         by=definition),
        given=SUPPORT,
    )  # fmt: skip


@identity(source=QUIZ_2020.problem(2, part="b"), row="001.2b", aliases=["elbo with divergence"], tags=["variational"])
def elbo_bound():
    """ELBO as evidence minus a divergence, hence a lower bound"""
    return Derivation(
        E(log(Phi(y)*Phi(z | y)/Psi(z | y)), Psi(z | y)),
        eq(E(log(Phi(y)) - log(Psi(z | y)/Phi(z | y)), Psi(z | y)),                   by=logarithms),
        eq(E(log(Phi(y)), Psi(z | y)) - E(log(Psi(z | y)/Phi(z | y)), Psi(z | y)),    by=linearity),
        eq(log(Phi(y)) - E(log(Psi(z | y)/Phi(z | y)), Psi(z | y)),                   by=normalisation),
        eq(log(Phi(y)) - KL(Psi(z | y), Phi(z | y)),                                  by=definition),
        le(log(Phi(y)),                                                               by=gibbs),
        given=SUPPORT,
    )  # fmt: skip
