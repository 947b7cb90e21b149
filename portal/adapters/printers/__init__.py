"""Printers: ESC/POS in the store's network, Feie and Yilianyun in the cloud, a pretend one for demo installations."""
