"""What runs across all customers, as rows: promises, blame, scope, demands, signals and more."""
