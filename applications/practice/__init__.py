"""The magic values of the demo: what somebody types to see what else would take a human.

One table (``values``). Each of them acts where its subject is: on the signature, the papers, the
agency, the bank, or in the hands of the staff who act by themselves (``koss.demo.actor``).
"""
