"""Pure rules of coupons and vouchers: codes, checks, periods and the words for them. No SQL, no clock of their own."""
