"""Signing with VGCA Sign Service on the signer's computer: what its browser, the agent and the screen ask."""
