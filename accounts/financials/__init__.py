"""The customer's figures per fiscal period: read from EDINET, pasted or typed; drawn and read out (S1 1.8–1.10)."""
