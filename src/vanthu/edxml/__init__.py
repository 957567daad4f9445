"""Gói tin edXML by QCVN 102:2016/BTTTT: what stands in a message, reading and writing it; plain Python (decision D3)."""
