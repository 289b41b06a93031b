"""What must be true before a launch ships: checklists, rules, and the three pure functions of the core."""
