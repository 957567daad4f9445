"""Web and worker are killed at every commit, at every step of a job and at random instants; nothing is lost or doubled."""
