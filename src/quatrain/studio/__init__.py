"""The desk: a page in the browser on which verse is written, with an HTTP API under it.

In: requests from the page or from a program. Out: JSON, server-sent events, and the page itself.
The packages of verse do the work, through their public functions; this one adds what a server
needs. It needs the extra `studio`.
"""
