"""Many hands on one wiki: three versions become one, and a remote is kept in step."""
