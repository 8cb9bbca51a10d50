"""The bulk interface: what programs of 一括利用者 send and read, over HTTP.

Only an edge. What it reads and does are rules of the other rooms; here they become JSON, and every
refusal becomes a problem. docs/api.md is the guide for those who call it.
"""
