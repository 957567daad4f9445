"""Cities to demonstrate with, as pure data.

People, identity codes below H26, enterprises and the successors of closed districts are fictitious and
marked so; the names of departments, wards and communes are public facts. Nothing is drawn at random: the same
call gives the same city, and what two cities share is equal in both.
`small.small()` and `hanoi.hanoi()` give a `DirectoryPlan`.
"""
