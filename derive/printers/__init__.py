"""The printers: text, LaTeX, and plain records for programs. They read terms and claims and decide nothing."""
