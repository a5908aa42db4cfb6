"""What a backward program costs: against its depth, and for the layers of the library.

    python benchmarks/depth.py [--most LAYERS]

A perceptron h' = act(W h) of k layers, any width, any activation: the time to prove that the loops leave the gradient
of the first state. The exponent is that of the growth since the row before; it is to stay below 2. Of the library's
backward programs the first check in the process is shown, with nothing of it known yet, and the least of five.
"""

from __future__ import annotations

import argparse
import math
import time

from sympy import evaluate

from derive import Program, Sum, array, assign, function, grad, increase, index, size
from derive.checking import check_step
from derive.core.claims import Derivation
from derive.library import library_files, load_file

DEPTHS = (1, 2, 4, 8, 16, 32)


def perceptron(depth: int) -> Derivation:
    """The claim about the first state, through so many layers."""
    width, act = size("H"), function("act")
    i, m = index("i", width), index("m", width)
    weights = [array(f"W{n}", width, width) for n in range(depth)]
    states = [array(f"h{n}", width) for n in range(depth + 1)]
    with evaluate(False):
        inside = [Sum(weights[n][i, m]*states[n][m], m) for n in range(depth)]
        forward = Program(*(assign(states[n + 1][i], act(inside[n])) for n in range(depth)))
        backward = forward.backward(
            *(
                increase(grad(states[n])[m], grad(states[n + 1])[i]*act.derivative(1)(inside[n])*weights[n][i, m])
                for n in reversed(range(depth))
            ),
            of=states[-1],
        )
        return backward.derivation(states[0])


def seconds(derivation: Derivation, k: int, repeat: int) -> tuple[str, list[float]]:
    """The verdict on a step, and the processor times of some checks: the machine may have other things to do."""
    times, name = [], ""
    for _ in range(repeat):
        start = time.process_time()
        name = check_step(derivation, k).verdict.name
        times.append(time.process_time() - start)
    return name, times


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=DEPTHS[-1])
    options = parser.parse_args()
    before = None
    for depth in (d for d in DEPTHS if d <= options.most):
        name, times = seconds(perceptron(depth), 0, 3)
        spent = min(times)
        growth = "" if before is None else f"exponent {math.log2(spent / before):.1f}"
        before = spent
        print(f"{depth:>3} layers {spent * 1000:>9.1f} ms {name:>10} {growth}")
    for path in library_files():
        for identity in load_file(path).identities:
            if "backprop" in identity.tags and "as-printed" not in identity.tags:
                name, times = seconds(identity.derivation(), 0, 5)
                print(f"{identity.name:<45} {times[0] * 1000:>9.1f} ms {min(times) * 1000:>9.1f} ms {name:>10}")


if __name__ == "__main__":
    main()
