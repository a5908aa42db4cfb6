"""Claims files: from lines of JSON to lines of verdicts, in constant memory and in order."""
