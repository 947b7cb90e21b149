"""The offices: pages and forms for each audience. Shows what the domain decided; decides nothing itself."""
