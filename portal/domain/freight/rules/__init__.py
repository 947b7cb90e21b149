"""Pure: what a fee is and how it is explained, what a template may say, and how places are typed."""
