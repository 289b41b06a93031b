"""What a machine finds out before a launch ships: links, addresses, GitHub's checks, programs."""
