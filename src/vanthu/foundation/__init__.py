"""Django without domain: the unit of work, jobs, storage, the sandbox, and the pieces screens are made of."""
