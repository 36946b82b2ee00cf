-- Campaigns that were stopped or abandoned before they were submitted. Requests about them may still be
-- on their way, and must not bring them back.
CREATE TABLE forgotten (
    id           BLOB NOT NULL,
    -- Who stopped it, or whose it was.
    user         BLOB NOT NULL REFERENCES users (id),
    -- Whether the campaign was here. If not, the id counts as forgotten for this user alone, who could
    -- otherwise take ids away from others.
    was_stored   INTEGER NOT NULL,
    forgotten_at INTEGER NOT NULL,
    PRIMARY KEY (id, user)
) STRICT, WITHOUT ROWID;

-- How many ids of nothing a user had forgotten in a day, and what can be swept out.
CREATE INDEX forgotten_user ON forgotten (user, was_stored, forgotten_at);
CREATE INDEX forgotten_time ON forgotten (forgotten_at);
