"""The face: components, tokens and filters that every screen of every site is composed of.

What is always true: nothing here knows a user, an account or a sum. A component gets plain values and shows them,
is complete without JavaScript, passes axe in both themes, and stands in the gallery in each of its states.
"""
