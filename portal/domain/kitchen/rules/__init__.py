"""Pure rules of the kitchen: ages, layout of paper, what slips say, when the worker looks again."""
