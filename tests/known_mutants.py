"""Mutants of the library that are true, and those about which nothing is found, each with the reason.

They are named by identity, step, kind of edit, and which one of that kind it is. `benchmarks/mutants.py --open` finds
them: every mutant that is neither refuted nor invalid stands here.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TRUE", "UNDECIDED"]


def listed(table: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The reason of each mutant, by its name."""
    return {
        f"{step} {label}": reason for reason, steps in table.items() for step, labels in steps.items()
        for label in labels.split(", ")
    }  # fmt: skip


TRUE = listed({
    "a bound that is weaker still holds": {
        "conditioning-reduces-entropy 4": "double 1",
        "cross-entropy-decomposition 7": "sign 1, half 1",
        "data-processing 2": "double 1, double 2, half 3, double 3, bound 5, bound 6, condition 2, condition 3",
        "data-processing-inequality 7": "sign 1, half 1",
        "divergence-chain-rule 9": "sign 1, half 1",
        "divergence-data-processing 7": "sign 1, half 1, law 1, law 2",
        "elbo-bound 6": "log argument 1",
        "elbo-decomposition 7": "double 1, exponent halved 1",
        "em-lower-bound 7": "double 2, sign 3, half 3, term 2",
        "entropy-is-subadditive 5": "double 1, double 2, double 3",
        "geometric-cross-entropy-minimum 4": (
            "sign 2, half 2, term 1, factor 1, log argument 1, double 4, sign 5, term 4, log argument 2, factor "
            "7, exponent 2, exponent halved 2, inverse 2, term 8"
        ),
        "log-sum-exp-is-at-most-maximum-plus-log-n 7": "double 3, log argument 1",
        "log-sum-exp-is-at-most-maximum-plus-log-n 9": "double 3, log argument 1",
        "log-sum-exp-variational 5": "sign 3, half 3, term 2",
        "mutual-information-chain-rule 9": "sign 1, half 1",
        "mutual-information-is-at-most-the-entropy 9": "double 1",
        "perfect-predictor-cross-entropy 5": (
            "half 1, double 1, bound 1, bound 2, bound 3, bound 4, bound 5, bound 6, index 1, index 2, condition "
            "1, index 3, index 4"
        ),
        "uniform-law-has-maximal-entropy 7": "double 1, log argument 1",
    },
    "a variance does not see a constant, nor a sign of the whole": {
        "dropout-expected-loss 3": "sign 6, half 6, double 6, term 5, sign 7",
    },
    "averaged, a conditional probability is the marginal one": {
        "data-processing-inequality 3": "condition 1",
        "data-processing-inequality 4": "condition 1",
        "divergence-data-processing 3": "condition 1",
        "divergence-data-processing 4": "condition 1",
        "label-marginal 2": "condition 1, condition 2",
        "label-marginal 3": "condition 1",
        "label-marginal 4": "condition 1",
        "law-of-total-probability 2": "condition 1",
        "perfect-predictor-joint 2": "condition 1",
        "prediction-marginal 2": "condition 1",
    },
    "both sides are 0": {
        "weight-norm-projects-u-away 2": "sign 1, half 1, double 1",
    },
    "its weight sums to one like the one that it replaces, and what is averaged is a constant": {
        "elbo-bound 3": "law 2, condition 1",
        "elbo-decomposition 2": "law 2, condition 1",
        "elbo-decomposition 3": "law 6, condition 5",
        "elbo-decomposition 4": "law 6, condition 5",
        "elbo-entropies 3": "law 2, condition 1",
    },
    "the bound holds for any law in this place": {
        "elbo-decomposition 7": "law 2, condition 1, law 3",
    },
    "the first term of the sum is 0": {
        "geometric-distribution-entropy 4": "bound 2",
        "geometric-distribution-entropy 5": "bound 1",
    },
    "the functions differ by a constant, which moves no extremum": {
        "bernoulli-likelihood 2": "log argument 1, log argument 2",
        "exponential-likelihood 2": "log argument 1",
        "poisson-likelihood 2": "log argument 1",
        "variance-likelihood 2": "log argument 1",
    },
    "the logarithm of a probability is at most 0": {
        "elbo-bound 6": "sign 1, half 1",
    },
    "the step holds without that given": {
        "cross-entropy-decomposition 7": "given 1",
        "data-processing-inequality 2": "given 1, given 2",
        "data-processing-inequality 3": "given 1",
        "divergence-data-processing 2": "given 1, given 3",
        "divergence-data-processing 3": "given 1",
        "importance-sampling-is-unbiased 4": "given 1",
        "label-marginal 4": "given 1",
        "label-marginal 5": "given 1",
        "label-marginal 6": "given 1",
        "perfect-predictor-cross-entropy 2": "given 1",
        "perfect-predictor-cross-entropy 3": "given 1",
        "perfect-predictor-cross-entropy 4": "given 1",
        "perfect-predictor-joint 2": "given 1",
        "perfect-predictor-joint 3": "given 1",
        "perfect-predictor-joint 4": "given 1",
    },
    "the third central moment of a Poisson law is its variance, as is the second": {
        "poisson-variance 2": "exponent 1",
        "poisson-variance 3": "exponent 1",
        "poisson-variance 4": "exponent 1",
    },
    "the weights are then 1/n each, and sum to one as well": {
        "log-sum-exp-is-at-most-maximum-plus-log-n 2": "index 2",
        "log-sum-exp-is-at-most-maximum-plus-log-n 3": "index 2",
    },
    "this step does not need that given": {
        "batch-norm-of-whitened-input 2": "given 1",
        "batch-norm-of-whitened-input 3": "given 1, given 2",
        "batch-norm-of-whitened-input 4": "given 2",
    },
    "what is changed is 0, or is multiplied by 0": {
        "bernoulli-divergence 4": (
            "bound 1, factor 8, sign 4, half 4, double 4, term 3, sign 5, half 5, double 5, term 4, factor 9, "
            "factor 10, bound 4, factor 20, sign 17, half 17, double 17, term 16"
        ),
        "bernoulli-entropy 4": (
            "bound 1, factor 7, sign 5, half 4, double 4, term 3, sign 6, half 5, double 5, term 4, factor 8, "
            "factor 9, bound 4, factor 16, sign 16, half 15, double 15, term 14"
        ),
        "bernoulli-mean 2": (
            "bound 1, factor 2, sign 2, half 2, double 2, term 1, sign 3, half 3, double 3, term 2, factor 5, "
            "factor 6"
        ),
        "bernoulli-variance 2": (
            "bound 3, factor 3, sign 4, half 4, double 4, term 3, sign 5, half 5, double 5, term 4, factor 4, "
            "factor 5"
        ),
        "geometric-mean 2": "bound 1",
        "geometric-mean 3": "bound 1",
        "log-sum-exp-is-at-least-each-score 3": "sign 4, half 4, double 4, term 3",
        "log-sum-exp-is-at-least-each-score 4": "index 3, index 5",
        "one-hot-divergence 2": "sign 3, half 3, double 3, term 2, bound 2, index 4",
        "one-hot-divergence 3": "index 3",
        "perfect-predictor-cross-entropy 2": (
            "sign 1, half 1, double 1, bound 1, bound 2, bound 3, bound 4, sign 2, bound 5, bound 6"
        ),
        "perfect-predictor-cross-entropy 3": "sign 1, half 1, double 1, bound 1, bound 2, bound 3, bound 4, sign 2",
        "perfect-predictor-mutual-information 2": "index 5",
        "score-has-mean-zero 2": (
            "sign 1, half 1, double 1, factor 4, exponent 1, exponent halved 1, inverse 1, sign 3, half 3, double "
            "3"
        ),
        "score-has-mean-zero 3": "sign 1, half 1, double 1",
        "score-has-mean-zero 4": "sign 1, half 1, double 1",
        "score-has-mean-zero 5": "sign 1, half 1, double 1",
    },
    "what is changed is a factor of the sum of x - mu, which is 0": {
        "batch-norm-backward-mean 3": (
            "sign 3, half 3, double 3, term 2, sign 5, factor 6, factor 7, factor 9, factor 10, exponent 3, "
            "exponent halved 3, inverse 3, sign 6, double 4, term 3, sign 7, half 5, term 4"
        ),
        "layer-norm-backward-mean 3": (
            "sign 3, half 3, double 3, term 2, sign 9, factor 15, factor 16, exponent 3, exponent halved 3, "
            "inverse 3, factor 19, factor 20, factor 21, factor 22"
        ),
    },
    "what is dropped is a sum over the whole law, which is 1": {
        "entropy-of-a-product 4": "factor 2, law 3, factor 6, law 4",
        "geometric-cross-entropy 4": "factor 2",
        "geometric-distribution-entropy 4": "factor 2",
        "label-marginal 2": "factor 2",
        "poisson-divergence 4": "factor 2",
        "poisson-entropy 4": "factor 2",
        "prediction-marginal 2": "factor 1",
        "variance-from-moments 4": "factor 6",
    },
    "where it counts, both indices have one value": {
        "anti-predictor-mutual-information 2": "factor 9",
        "categorical-mean 2": "index 1",
        "categorical-variance 3": "index 3",
        "categorical-variance 4": "index 3",
        "log-sum-exp-is-at-least-each-score 3": "index 3, index 4, index 5",
        "log-sum-exp-is-at-least-each-score 4": "factor 3, index 4",
        "log-sum-exp-is-at-least-each-score 5": "index 3",
        "one-hot-cross-entropy 2": "index 3",
        "one-hot-divergence 2": "index 3",
        "perfect-predictor-cross-entropy 2": "index 3, index 4",
        "perfect-predictor-mutual-information 2": "index 1, factor 8, index 4, index 6, index 7, index 8",
    },
    "without that given the step shows that the sum is not 0 as a condition": {
        "least-squares-weight 3": "given 1",
    },
})
"""Mutants that are true, and proved."""

UNDECIDED = listed({
    "a mean that does not exist: that it diverges is not certified": {
        "gaussian-entropy 2": "inverse 1",
        "gaussian-entropy 3": "inverse 1",
        "gaussian-mutual-information 2": "inverse 1, inverse 11",
    },
    "a multiple of oo, which has no value as written": {
        "cross-entropy-with-a-one-hot-law 2": "half 1, double 1",
        "divergence-from-a-one-hot-law 2": "half 1, double 1",
    },
    "a sum of infinitely many equal terms: that it diverges is not certified": {
        "one-hot-cross-entropy 2": "index 2",
        "one-hot-divergence 2": "index 2, index 5",
        "one-hot-divergence 3": "index 2",
    },
    "a weaker bound, which is true and needs more than one rule": {
        "cross-entropy-decomposition 7": "bound 1, bound 2",
        "data-processing 2": "arguments 2, bound 7, bound 8, bound 9, bound 10, condition 1",
        "data-processing-inequality 7": (
            "double 1, arguments 1, bound 1, bound 2, bound 3, bound 4, bound 5, bound 6, factor 3, factor 4, "
            "factor 5, factor 6"
        ),
        "divergence-chain-rule 9": "law 1, law 2",
        "divergence-data-processing 7": "double 1, arguments 1, bound 3, bound 4, factor 3, factor 4",
        "elbo-decomposition 7": "factor 2, exponent 1, inverse 1",
        "em-lower-bound 7": "double 1, bound 3, bound 4",
        "geometric-cross-entropy-minimum 4": (
            "sign 1, half 1, sign 3, half 3, term 2, half 5, double 6, double 7, factor 5, half 8, term 7, half "
            "9, strict 1"
        ),
        "log-sum-exp-is-at-least-the-maximum 2": "bound 1, bound 2",
        "log-sum-exp-is-at-most-maximum-plus-log-n 7": (
            "factor 2, double 4, exponent 1, exponent halved 1, inverse 1, bound 4, half 5"
        ),
        "log-sum-exp-variational 5": "bound 3, bound 4",
        "mutual-information-chain-rule 9": "bound 1, bound 2, bound 3, bound 4, factor 1, factor 2",
        "mutual-information-is-at-most-the-entropy 9": "bound 1",
        "perfect-predictor-cross-entropy 5": "arguments 1",
        "poisson-variance 2": "strict 1",
    },
    "an index or a value out of its range: a side has no value in any model": {
        "anti-predictor-marginal 2": "sign 2, half 2, sign 3, half 3, double 3",
        "anti-predictor-mutual-information 2": "sign 6, half 6, double 6, term 5, sign 7, half 7, double 7",
        "anti-predictor-mutual-information 3": (
            "sign 2, half 2, double 2, term 1, sign 3, half 3, double 3, sign 4, half 4, double 4, term 3, sign "
            "5, half 5, double 5"
        ),
        "chain-score 2": "half 3",
        "concatenation 2": "sign 4, double 4, half 5, double 5",
        "update-gate 2": (
            "sign 8, double 8, half 9, double 9, sign 16, double 16, half 17, double 17, sign 22, double 22, half "
            "23, double 23"
        ),
    },
    "it is true, and that a cross-entropy is real is not known": {
        "geometric-cross-entropy-minimiser 2": "log argument 1, log argument 2",
    },
    "it is true, as what is changed is 0, and needs more than one rule": {
        "geometric-cross-entropy 4": "bound 2",
        "geometric-cross-entropy 5": "bound 1",
        "geometric-mean-at-the-minimiser 2": "bound 1",
        "perfect-predictor-joint 2": "index 3",
        "perfect-predictor-joint 3": "index 3",
        "perfect-predictor-joint 4": "index 3",
        "poisson-divergence 4": "bound 2",
        "poisson-entropy 4": "bound 2, bound 3",
        "poisson-entropy 5": "bound 1",
        "poisson-entropy 6": "bound 1",
        "poisson-mean 2": "bound 1",
        "poisson-mean 3": "bound 1",
        "poisson-variance 2": "bound 2",
        "poisson-variance 5": "bound 1, bound 2",
        "score-has-mean-zero 2": "bound 3, bound 4",
    },
    "its series is too slow for certain digits": {
        "poisson-variance 2": "exponent halved 2, inverse 2",
        "poisson-variance 5": "inverse 1",
    },
    "that the function falls all the way to oo is not certified": {
        "variance-likelihood 2": "term 1, factor 1, factor 4",
    },
    "the logarithm of 0 on one side: it has no finite value there": {
        "geometric-cross-entropy 3": "factor 4",
        "geometric-distribution-entropy 3": "factor 11",
    },
    "true where B is not 2": {
        "batch-norm-backward-mean 3": "half 4, double 5",
    },
    "without full support a side has no value in some models, which refutes nothing": {
        "cross-entropy-decomposition 2": "given 1",
        "cross-entropy-decomposition 3": "given 1",
        "cross-entropy-decomposition 4": "given 1",
        "cross-entropy-decomposition 5": "given 1",
        "cross-entropy-decomposition 6": "given 1",
        "data-processing-inequality 3": "given 2",
        "data-processing-inequality 4": "given 1, given 2",
        "data-processing-inequality 5": "given 1, given 2",
        "data-processing-inequality 6": "given 1, given 2",
        "data-processing-inequality 7": "given 1, given 2",
        "divergence-chain-rule 2": "given 1",
        "divergence-chain-rule 3": "given 1",
        "divergence-chain-rule 4": "given 1",
        "divergence-chain-rule 5": "given 1",
        "divergence-chain-rule 6": "given 1",
        "divergence-chain-rule 7": "given 1",
        "divergence-chain-rule 8": "given 1",
        "divergence-chain-rule 9": "given 1",
        "divergence-data-processing 2": "given 2",
        "divergence-data-processing 3": "given 2, given 3",
        "divergence-data-processing 4": "given 1, given 2, given 3",
        "divergence-data-processing 5": "given 1, given 2, given 3",
        "divergence-data-processing 6": "given 1, given 2, given 3",
        "divergence-data-processing 7": "given 1, given 2, given 3",
        "elbo-bound 2": "given 1, given 2",
        "elbo-bound 3": "given 1, given 2",
        "elbo-bound 4": "given 1, given 2",
        "elbo-bound 5": "given 1, given 2",
        "elbo-bound 6": "given 1, given 2",
        "elbo-decomposition 2": "given 1, given 2",
        "elbo-decomposition 3": "given 1, given 2",
        "elbo-decomposition 4": "given 1, given 2",
        "elbo-decomposition 5": "given 1, given 2",
        "elbo-decomposition 6": "given 1, given 2",
        "elbo-decomposition 7": "given 1, given 2",
        "elbo-entropies 2": "given 1, given 2",
        "elbo-entropies 3": "given 1, given 2",
        "elbo-entropies 4": "given 1, given 2",
        "elbo-entropies 5": "given 1, given 2",
        "em-lower-bound 2": "given 1",
        "em-lower-bound 3": "given 1",
        "em-lower-bound 4": "given 1",
        "em-lower-bound 5": "given 1",
        "em-lower-bound 6": "given 1",
        "em-lower-bound 7": "given 1",
        "geometric-cross-entropy 2": "given 1",
        "geometric-cross-entropy 3": "given 1",
        "geometric-cross-entropy 4": "given 1",
        "geometric-cross-entropy 5": "given 1",
        "geometric-cross-entropy 6": "given 1",
        "importance-sampling-is-unbiased 2": "given 1",
        "importance-sampling-is-unbiased 3": "given 1",
        "label-marginal 2": "given 1",
        "label-marginal 3": "given 1",
        "perfect-predictor-cross-entropy 5": "given 1",
        "prediction-marginal 2": "given 1",
        "prediction-marginal 3": "given 1",
    },
    "without it a deviation may be 0, by which is divided: a side has no value there": {
        "batch-norm-backward 2": "given 1",
        "batch-norm-backward 3": "given 1",
        "batch-norm-backward-mean 2": "given 1",
        "batch-norm-backward-mean 3": "given 1",
        "batch-norm-backward-variance 2": "given 1",
        "batch-norm-backward-variance 3": "given 1",
        "batch-norm-gradient 2": "given 1",
        "batch-norm-of-whitened-input 2": "given 2",
        "batch-norm-of-whitened-input 4": "given 1",
        "layer-norm-backward 2": "given 1",
        "layer-norm-backward 3": "given 1",
        "layer-norm-backward-deviation 2": "given 1",
        "layer-norm-backward-deviation 3": "given 1",
        "layer-norm-backward-gain 2": "given 1",
        "layer-norm-backward-gain 3": "given 1",
        "layer-norm-backward-mean 2": "given 1",
        "layer-norm-backward-mean 3": "given 1",
        "layer-norm-backward-shift 2": "given 1",
        "layer-norm-backward-shift 3": "given 1",
        "rms-norm-backward 2": "given 1",
        "rms-norm-backward 3": "given 1",
        "rms-norm-backward-gain 2": "given 1",
        "rms-norm-backward-gain 3": "given 1",
        "weight-norm-gradient 2": "given 1",
        "weight-norm-gradient 3": "given 1",
        "weight-norm-projects-u-away 2": "given 1",
        "weight-norm-projects-u-away 3": "given 1",
    },
    "without it there need not be an extremum; where there is one, it is where it is claimed to be": {
        "bernoulli-likelihood 2": "given 1",
        "bernoulli-likelihood 3": "given 1",
        "exponential-likelihood 2": "given 1",
        "exponential-likelihood 3": "given 1",
        "geometric-cross-entropy-minimiser 2": "given 1, given 2",
        "geometric-cross-entropy-minimiser 3": "given 1, given 2",
        "least-squares-weight 2": "given 1",
        "poisson-likelihood 2": "given 1",
        "poisson-likelihood 3": "given 1",
        "variance-likelihood 2": "given 1",
        "variance-likelihood 3": "given 1",
    },
})
"""Mutants about which nothing is found."""
