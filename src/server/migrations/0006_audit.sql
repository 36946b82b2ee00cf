-- Sessions end for good some days after they were opened, however much they are used.
ALTER TABLE sessions ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;

-- How many campaigns a user has begun and not submitted.
CREATE INDEX campaigns_unsubmitted ON campaigns (created_by) WHERE submitted_at IS NULL;

-- Who did what, and from where. Nothing in it is ever changed or removed, and it holds no numbers, texts, passwords or
-- tokens.
CREATE TABLE audit (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    action   TEXT NOT NULL,
    -- The user's id and what they are called at that time; none of both for programs on the server and for strangers.
    user     BLOB,
    name     TEXT,
    -- The client's address, as far as it is known.
    address  TEXT,
    campaign BLOB,
    -- What else there is to know, in a few words.
    detail   TEXT
) STRICT;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
