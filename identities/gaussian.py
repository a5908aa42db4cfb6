"""Gaussian entropy and mutual information, in nats."""

from derive import Derivation, Rational, define, eq, identity, log, pi, positive, sqrt
from derive import algebra, definition, logarithms
from identities.sources import EXAM_2018

s = positive("s")
sx = positive("sx")
se = positive("se")
h = define("h", log(s) + (1 + log(2*pi))/2, s)


@identity(source=EXAM_2018.problem(3, part="b"), row="003.3b", aliases=["gaussian mi", "gaussian channel"], tags=["gaussian"])
def gaussian_mutual_information():
    """Gaussian mutual information

    H(z) - H(z|x) for z = x + noise, with h(s) the differential entropy of N(0, s^2), taken as its formula.
    """
    return Derivation(
        h(sqrt(sx**2 + se**2)) - h(se),
        eq(log(sqrt(sx**2 + se**2)) - log(se),    by=definition),
        eq(log(sx**2 + se**2)/2 - log(se**2)/2,   by=logarithms),
        eq(log((sx**2 + se**2)/se**2)/2,          by=logarithms),
        eq(log(1 + sx**2/se**2)/2,                by=algebra),
    )  # fmt: skip


@identity(source=EXAM_2018.problem(3, part="b"), row="003.3b", aliases=["gaussian mi as printed"], tags=["gaussian", "as-printed"])
def gaussian_mutual_information_as_printed():
    """Gaussian mutual information, as printed

    The factor 1/2 is lost at the second line.
    """
    return Derivation(
        h(sqrt(sx**2 + se**2)) - h(se),
        eq(log(sx**2 + se**2) - log(se**2),   by=(definition, logarithms), expect="refuted"),
        eq(log((sx**2 + se**2)/se**2),        by=logarithms),
        eq(log(1 + sx**2/se**2),              by=algebra),
    )  # fmt: skip
