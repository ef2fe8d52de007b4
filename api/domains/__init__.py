"""One room per concept: states, rules, shapes, queries and actions."""
