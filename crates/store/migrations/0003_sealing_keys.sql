-- Which key a secret is sealed with; empty for one of before keys had names, until the store is opened next.
ALTER TABLE secrets ADD COLUMN key TEXT NOT NULL DEFAULT '';
