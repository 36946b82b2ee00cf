-- What the provider told about each message, each thing once. The provider may repeat a receipt and
-- does not promise an order. Kept with the message (same campaign and seq are neighbours), so a busy
-- campaign writes to one place of the tree and not to random ones.
CREATE TABLE receipts (
    campaign    INTEGER NOT NULL REFERENCES campaigns (key) ON DELETE CASCADE,
    seq         INTEGER NOT NULL,
    umid        BLOB NOT NULL,
    state       TEXT NOT NULL,
    -- -1 for none: a NULL would never equal itself, and so never be recognised as repeated.
    error_code  INTEGER NOT NULL,
    -- As the provider wrote it.
    happened_at TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (campaign, seq, umid, state, error_code, happened_at)
) STRICT, WITHOUT ROWID;
