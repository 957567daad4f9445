"""Pure rules of digital signatures: verdicts and what they allow."""
