"""Searches that suggest: antiderivatives, substitutions. Nothing here is trusted; core checks what comes out."""
