"""What the members of a cluster delivered together, year by year.

No tables: sums over ``deliveries`` of the days on which somebody was a member. Whoever sees the
cluster sees them; where fewer than five producers stand behind a sum, its host alone does.
"""
