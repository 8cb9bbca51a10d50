"""Sets of applications that a bulk user's system sends: read, worked on, and reported.

It composes: a row is read by the forms of 申請を行う, and taken in by the one door of intake.
"""
