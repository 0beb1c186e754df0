"""The HTTP edge: what the store holds, as JSON under /api/v1, with its description at /openapi.json and /docs."""
