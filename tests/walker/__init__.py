"""The walker: every route, every role, another tenant's ids. Nothing may leak and nothing may change."""
