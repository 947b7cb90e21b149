"""The turn list 轮牌 of a store: who of the technicians is next."""
