"""Where likelihoods are greatest and squared errors least: estimates in closed form, each the only one.

Terms that do not depend on what is estimated are left out on the way.
"""

from derive import ArgMax, ArgMin, Derivation, Sum, array, eq, identity, index, log, positive, probability, real, size
from derive import definition, linearity, logarithms, stationarity
from identities.sources import BISHOP, WASSERMAN

n = size("n")
s = positive("s")
p = probability("p", strict=True)
rate, spread = positive("lambda"), positive("v")
c, w = real("c"), real("w")
beta = positive("beta")
i = index("i", n)
x, y = array("x", n), array("y", n)


@identity(source=BISHOP.section("2.1"), aliases=["maximum likelihood of a bernoulli law"], tags=["bernoulli", "likelihood"])
def bernoulli_likelihood():
    """The likelihood of s successes in n trials is greatest at s/n, for 0 < s < n

    For s = 0 and s = n it is greatest at an end, which does not belong to the interval.
    """
    return Derivation(
        ArgMax(p**s * (1 - p)**(n - s), p),
        eq(ArgMax(s*log(p) + (n - s)*log(1 - p), p),    by=stationarity),
        eq(s/n,                                         by=stationarity),
        given=s < n,
    )  # fmt: skip


@identity(source=WASSERMAN.section("9.3"), aliases=["maximum likelihood of a poisson law"], tags=["poisson", "likelihood"])
def poisson_likelihood():
    """The rate of a Poisson law at which counts are likeliest is their mean

    The logarithms of the factorials do not depend on the rate, and are left out.
    """
    return Derivation(
        ArgMax(Sum(x[i]*log(rate) - rate, i), rate),
        eq(ArgMax(log(rate)*Sum(x[i], i) - n*rate, rate),    by=linearity),
        eq(Sum(x[i], i)/n,                                   by=stationarity),
        given=Sum(x[i], i) > 0,
    )  # fmt: skip


@identity(source=WASSERMAN.section("9.3"), aliases=["maximum likelihood of an exponential law"], tags=["likelihood"])
def exponential_likelihood():
    """The rate of an exponential law at which waiting times are likeliest is one over their mean"""
    return Derivation(
        ArgMax(Sum(log(rate) - rate*x[i], i), rate),
        eq(ArgMax(n*log(rate) - rate*Sum(x[i], i), rate),    by=linearity),
        eq(n/Sum(x[i], i),                                   by=stationarity),
        given=Sum(x[i], i) > 0,
    )  # fmt: skip


@identity(source=BISHOP.section("2.3.4"), aliases=["maximum likelihood of a variance"], tags=["gaussian", "likelihood"])
def variance_likelihood():
    """The variance at which deviations are likeliest under a Gaussian law with mean 0 is their mean square"""
    return Derivation(
        ArgMin(Sum(log(spread)/2 + x[i]**2/(2*spread), i), spread),
        eq(ArgMin(n*log(spread)/2 + Sum(x[i]**2, i)/(2*spread), spread),    by=linearity),
        eq(Sum(x[i]**2, i)/n,                                               by=stationarity),
        given=Sum(x[i]**2, i) > 0,
    )  # fmt: skip


@identity(source=BISHOP.section("3.1.1"), aliases=["mean as a least squares estimate"], tags=["least squares"])
def mean_by_least_squares():
    """The number whose squared distances to some numbers have the least sum is their mean"""
    return Derivation(
        ArgMin(Sum((x[i] - c)**2, i), c),
        eq(ArgMin(n*c**2 - 2*c*Sum(x[i], i), c),    by=linearity),
        eq(Sum(x[i], i)/n,                          by=stationarity),
    )  # fmt: skip


@identity(source=BISHOP.section("3.1.1"), aliases=["least squares with one weight"], tags=["least squares"])
def least_squares_weight():
    """The weight with which w x is nearest to y in squares"""
    return Derivation(
        ArgMin(Sum((y[i] - w*x[i])**2, i), w),
        eq(ArgMin(w**2*Sum(x[i]**2, i) - 2*w*Sum(x[i]*y[i], i), w),    by=linearity),
        eq(Sum(x[i]*y[i], i)/Sum(x[i]**2, i),                          by=stationarity),
        given=Sum(x[i]**2, i) > 0,
    )  # fmt: skip


@identity(source=BISHOP.section("3.1.4"), aliases=["ridge regression with one weight"], tags=["least squares", "weight decay"])
def ridge_weight():
    """With a penalty on its square the weight is smaller, and there is one whatever the x are"""
    return Derivation(
        ArgMin(Sum((y[i] - w*x[i])**2, i) + beta*w**2, w),
        eq(ArgMin(w**2*(beta + Sum(x[i]**2, i)) - 2*w*Sum(x[i]*y[i], i), w),    by=linearity),
        eq(Sum(x[i]*y[i], i)/(beta + Sum(x[i]**2, i)),                          by=stationarity),
    )  # fmt: skip
