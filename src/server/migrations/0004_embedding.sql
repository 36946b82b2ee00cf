-- Users and sessions of the dashboards that embed us.

-- Who vouches for a user, and what they call them. Such a user has no password and no address:
-- `email`, by which users are told apart, is made of the id and cannot be typed as an address.
ALTER TABLE users ADD COLUMN tenant TEXT;
ALTER TABLE users ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX users_subject ON users (tenant, subject);

-- What the host's token allowed (JSON), and how much of it is used up. NULL for a session of one of
-- our own users: then the token is a cookie's, else it is a bearer.
ALTER TABLE sessions ADD COLUMN granted TEXT;
ALTER TABLE sessions ADD COLUMN recipients_used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN spend_used TEXT NOT NULL DEFAULT '0';

-- Tokens that were swapped for a session, as long as they would else be taken again.
CREATE TABLE used_tokens (
    -- SHA-256 of the tenant and the token's id.
    hash       BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_tokens_expiry ON used_tokens (expires_at);
