"""Release notes of a repository and of a launch: drafted, looked at, kept."""
