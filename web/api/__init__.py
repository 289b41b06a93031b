"""The JSON API: everything the command does, for programs. It calls the same functions as the command."""
