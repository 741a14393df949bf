-- Fingerprint of the key a join token was used with: that key may use it again, should the answer have been lost.
ALTER TABLE join_tokens ADD COLUMN used_by TEXT;
-- It was here before, written after the token was used up.
DELETE FROM meta WHERE key LIKE 'join/%';
