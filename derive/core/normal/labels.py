"""Canonical labels for bound indices, without trying permutations.

Promise: two binders that differ only in the names of their bound indices, and
in the order in which these are listed, get the same atom. Colour refinement
separates the labels; ties are individualised, and members of a tie that a swap
shows equivalent are tried once. Past `MAX_LEAVES` a BudgetError is raised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.core.errors import BudgetError
from derive.core.normal.atoms import (
    BINDERS,
    Atom,
    Exponent,
    Mono,
    Poly,
    absolute_atom,
    delta_atom,
    index_poly,
    known_atom,
)

__all__ = ["binder", "rename", "rename_poly"]

MAX_LEAVES = 64
Names = Mapping[str, str]


def rename_poly(poly: Poly, names: Names) -> Poly:
    """Rename free labels; `names` must be injective on the labels of `poly`."""
    if poly.free.isdisjoint(names):
        return poly
    index = poly.atom
    if index is not None and index.kind == "i":
        return index_poly(names.get(index.name, index.name), _renamed_all(index.args, names))
    return Poly.of({rename_mono(mono, names): c for mono, c in poly.terms.items()})


def rename_mono(mono: Mono, names: Names) -> Mono:
    """Rename free labels in a monomial, and sort it again."""
    renamed = [(rename(a, names), e) for a, e in mono]
    if len(renamed) > 1:
        renamed.sort(key=_by_key)
    return tuple(renamed)


def _by_key(factor: tuple[Atom, Exponent]) -> str:
    return factor[0].key


def rename(atom: Atom, names: Names) -> Atom:
    """Rename free labels in an atom; a binder inside gets its canonical labels anew."""
    if atom.free.isdisjoint(names):
        return atom
    if atom.kind == "i":
        return known_atom("i", names.get(atom.name, atom.name), _renamed_all(atom.args, names))
    if atom.kind in BINDERS:
        bound = [rename_range(b, names) for b in atom.bound]
        kept = {old: new for old, new in names.items() if old not in {b.name for b in atom.bound}}
        args = tuple(rename_poly(a, kept) for a in atom.args)
        return binder(atom.kind, args, bound, atom.arrays)
    if atom.kind == "d":
        return delta_atom(rename_poly(atom.args[0], names))
    if atom.kind == "f" and atom.name == "Abs":
        return absolute_atom(rename_poly(atom.args[0], names))
    return known_atom(atom.kind, atom.name, _renamed_all(atom.args, names), atom.arrays)


def _renamed_all(args: tuple[Poly, ...], names: Names) -> tuple[Poly, ...]:
    return tuple([rename_poly(a, names) for a in args])


def rename_range(index: Atom, names: Names) -> Atom:
    """Rename what an index's range depends on, not the index."""
    return Atom("i", index.name, tuple(rename_poly(r, names) for r in index.args))


def binder(kind: str, args: tuple[Poly, ...], bound: Sequence[Atom], arrays: tuple[str, ...] = ()) -> Atom:
    """The binder atom over these indices, with canonical labels."""
    height = max(a.height for a in args)
    if not bound:
        return Atom(kind, "", args, (), arrays)
    order = _order(args, list(bound))
    final = {b.name: f"#{height}.{k}" for k, b in enumerate(order)}
    return _relabelled(kind, args, order, arrays, final)


def _relabelled(
    kind: str, args: tuple[Poly, ...], order: Sequence[Atom], arrays: tuple[str, ...], names: Names
) -> Atom:
    renamed = tuple(Atom("i", names[b.name], tuple(rename_poly(r, names) for r in b.args)) for b in order)
    return Atom(kind, "", tuple(_rename_bound(a, names) for a in args), renamed, arrays)


def _rename_bound(poly: Poly, names: Names) -> Poly:
    """Rename in two passes, so that a label in flight never meets a final one, nor that of a binder inside."""
    if all(old.startswith("?") for old in names):
        return rename_poly(poly, names)
    middle = {old: f"!{poly.height}.{k}" for k, old in enumerate(names)}
    return rename_poly(rename_poly(poly, middle), {middle[old]: new for old, new in names.items()})


def _order(args: tuple[Poly, ...], bound: list[Atom]) -> list[Atom]:
    if len(bound) == 1:
        return bound
    colours = _refine(args, bound, [0] * len(bound))
    if len(set(colours)) == len(bound):
        return _sorted_by(colours, bound)
    leaves: list[tuple[str, list[Atom]]] = []
    _search(args, bound, colours, leaves)
    return min(leaves, key=lambda leaf: leaf[0])[1]


def _sorted_by(colours: list[int], bound: list[Atom]) -> list[Atom]:
    return [b for _, b in sorted(zip(colours, bound, strict=True), key=lambda pair: pair[0])]


def _signature(args: tuple[Poly, ...], bound: list[Atom], colours: list[int], k: int) -> str:
    """How index k sits in the bodies, the others seen by colour only."""
    names = {b.name: f"*{colours[n]}" for n, b in enumerate(bound)} | {bound[k].name: "!"}
    ranges = ",".join(_blind(r, names) for r in bound[k].args)
    return f"{ranges}|{'|'.join(_blind(_touched(a, bound[k].name), names) for a in args)}"


def _touched(poly: Poly, label: str) -> Poly:
    """The factors of a product that mention a label: the others look the same from every label."""
    single = poly.single
    return poly if single is None else Poly({tuple(f for f in single[1] if label in f[0].free): single[0]})


def _blind(poly: Poly, names: Names) -> str:
    """The text of a polynomial in which labels of one colour look alike; it does not depend on their names."""
    if poly.free.isdisjoint(names):
        return poly.key
    return "+".join(
        sorted(
            f"{c}*" + "*".join(sorted(f"{_blind_atom(a, names)}^{e}" for a, e in mono))
            for mono, c in poly.terms.items()
        )
    )


def _blind_atom(atom: Atom, names: Names) -> str:
    if atom.free.isdisjoint(names):
        return atom.key
    if atom.kind == "i":
        return f"i:{names.get(atom.name, atom.name)}({','.join(_blind(r, names) for r in atom.args)})"
    if atom.kind == "d" or (atom.kind == "f" and atom.name == "Abs"):
        return f"{atom.kind}:({min(_blind(atom.args[0], names), _blind(-atom.args[0], names))})"
    inner = {**names, **{b.name: "o" for b in atom.bound}}
    return f"{atom.kind}:{atom.name}({','.join(_blind(a, inner) for a in atom.args)})"


def _refine(args: tuple[Poly, ...], bound: list[Atom], colours: list[int]) -> list[int]:
    """Split colour classes until signatures no longer tell their members apart."""
    while True:
        classes = len(set(colours))
        if classes == len(bound):
            return colours
        seen = [(colours[k], _signature(args, bound, colours, k)) for k in range(len(bound))]
        ranks = {s: r for r, s in enumerate(sorted(set(seen)))}
        colours = [ranks[s] for s in seen]
        if len(ranks) == classes:
            return colours


def _search(
    args: tuple[Poly, ...], bound: list[Atom], colours: list[int], leaves: list[tuple[str, list[Atom]]]
) -> None:
    counts: dict[int, list[int]] = {}
    for k, colour in enumerate(colours):
        counts.setdefault(colour, []).append(k)
    tied = [members for _, members in sorted(counts.items()) if len(members) > 1]
    if not tied:
        order = _sorted_by(colours, bound)
        names = {b.name: f"!{k}" for k, b in enumerate(order)}
        leaves.append((_relabelled("Sum", args, order, (), names).key, order))
        if len(leaves) > MAX_LEAVES:
            raise BudgetError(f"canonical labels: more than {MAX_LEAVES} candidates for {len(bound)} indices")
        return
    members = tied[0]
    tried: list[int] = []
    for k in members:
        if any(_swappable(args, bound, k, other) for other in tried):
            continue
        tried.append(k)
        split = [2 * c + 1 for c in colours]
        split[k] -= 1
        _search(args, bound, _refine(args, bound, split), leaves)


def _swappable(args: tuple[Poly, ...], bound: list[Atom], k: int, other: int) -> bool:
    """Whether exchanging two labels maps the bodies to themselves."""
    names = {bound[k].name: "!", bound[other].name: bound[k].name}
    back = {"!": bound[other].name}
    if [r.key for r in bound[k].args] != [r.key for r in bound[other].args]:
        return False
    return all(rename_poly(rename_poly(a, names), back) == a for a in args)
