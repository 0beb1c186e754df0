"""What a query means: text to tokens, tokens and fields to an expression. Pure; the store turns it into SQL."""
