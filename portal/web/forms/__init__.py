"""WTForms, one module per feature. Forms check shapes; the domain decides."""
