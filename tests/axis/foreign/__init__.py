"""A client of the gateway as others have it: standard library only, nothing of Vanthu, written from the wire alone.

It does what the Java client in circulation does: one timestamp for the life of a service object, parameters in the order
of Java's HashMap, `Expect: 100-continue` on bodies, keep-alive, the hash of a file without leading zeros, zipped
attachments. `hostile` does what no client should do.
"""
