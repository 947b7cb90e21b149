"""Pages that several merchant offices share, written once: each desk has `add(office)`.

A desk's endpoints are `<office>.<feature>_<verb>`; its templates lie in `templates/desks/<feature>/`.
"""
