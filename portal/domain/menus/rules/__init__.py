"""Pure rules of menus: what a pick costs, how option groups are written down, what is wrong with a menu from a file."""
