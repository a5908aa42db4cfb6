"""Gaussian entropy and mutual information, in nats."""

from derive import Derivation, E, Normal, eq, exp, identity, log, pi, positive, random, sqrt
from derive import algebra, independence, linearity, logarithms
from identities.sources import EXAM_2018

s = positive("sigma")
sx = positive("sigma_x")
se = positive("sigma_e")
sz = sqrt(sx**2 + se**2)
x = random("x", law=Normal(0, s))
z = random("z", law=Normal(0, sz))
e = random("e", law=Normal(0, se))


def density(at, deviation):
    """The density of N(0, deviation^2)."""
    return exp(-at**2/(2*deviation**2)) / (deviation*sqrt(2*pi))


@identity(
    source=EXAM_2018.problem(3, part="a"), row="003.3a", aliases=["gaussian entropy", "differential entropy of a gaussian"],
    tags=["gaussian", "entropy"],
)
def gaussian_entropy():
    """Differential entropy of a Gaussian

    H(p) = E[-ln p(x)] for x ~ N(0, s^2) with its density p.
    """
    return Derivation(
        E(-log(density(x(), s)), x),
        eq(E(x()**2/(2*s**2) + log(s) + log(sqrt(2*pi)), x),       by=logarithms),
        eq(E(x()**2, x)/(2*s**2) + log(s) + log(sqrt(2*pi)),       by=linearity),
        eq(s**2/(2*s**2) + log(s) + log(sqrt(2*pi)),               by=independence),
        eq(log(s) + (1 + log(2*pi))/2,                             by=logarithms),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(3, part="b"), row="003.3b", aliases=["gaussian mi", "gaussian channel"], tags=["gaussian"]
)
def gaussian_mutual_information():
    """Gaussian mutual information

    I(x, z) = H(z) - H(z|x) for z = x + e, where z ~ N(0, sx^2 + se^2), and given x it is e ~ N(0, se^2), shifted.
    """
    return Derivation(
        E(-log(density(z(), sz)), z) - E(-log(density(e(), se)), e),
        eq(E(z()**2/(2*sz**2) + log(sz) + log(sqrt(2*pi)), z)
           - E(e()**2/(2*se**2) + log(se) + log(sqrt(2*pi)), e),    by=logarithms),
        eq(log(sz) - log(se),                                       by=independence),
        eq(log(sx**2 + se**2)/2 - log(se**2)/2,                     by=logarithms),
        eq(log((sx**2 + se**2)/se**2)/2,                            by=logarithms),
        eq(log(1 + sx**2/se**2)/2,                                  by=algebra),
    )  # fmt: skip


@identity(
    source=EXAM_2018.problem(3, part="b"), row="003.3b", aliases=["gaussian mi as printed"], tags=["gaussian", "as-printed"]
)
def gaussian_mutual_information_as_printed():
    """Gaussian mutual information, as printed

    The factor 1/2 is lost at the second line.
    """
    return Derivation(
        E(-log(density(z(), sz)), z) - E(-log(density(e(), se)), e),
        eq(log(sx**2 + se**2) - log(se**2),   by=(logarithms, independence), expect="refuted"),
        eq(log((sx**2 + se**2)/se**2),        by=logarithms),
        eq(log(1 + sx**2/se**2),              by=algebra),
    )  # fmt: skip
