"""Scalar calculus: equations and inequalities between functions of numbers that nobody here wrote.

Promise: everything here is a theorem about the terms as `meaning` reads them; what is not certain is left alone.
From below: `context`, what is known of the symbols; `differentiate`, derivatives by the table; `zero`, when two terms
are equal.
"""
