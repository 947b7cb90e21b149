"""What applicants, reviewers and owners do, one module each."""
