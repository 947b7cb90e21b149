"""What a merchant's stores have earned: services rendered, uses of passes, bills paid, less the platform's fee."""
