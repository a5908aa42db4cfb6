"""The library of identities that comes with `derive`: one topic a file."""
