-- Campaigns, their recipients, and the outbox through which messages leave.

CREATE TABLE campaigns (
    -- A small number, since a million messages refer to it. AUTOINCREMENT, so that it is never used
    -- again and newer campaigns always have higher ones: the list is ordered by it.
    key          INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Chosen by the browser; the idempotency key.
    id           BLOB NOT NULL UNIQUE,
    -- SHA-256 of the submission: tells a repeated request from another campaign of the same id.
    content_hash BLOB NOT NULL,

    name         TEXT NOT NULL,
    subaccount   TEXT NOT NULL,
    sender_id    TEXT NOT NULL,
    -- The template. Texts are rendered when they leave and stored nowhere.
    message      TEXT NOT NULL,
    due_at       INTEGER,
    recipients   INTEGER NOT NULL,
    segments     INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    -- Amounts are decimals in text: exact, and without the bounds of a 64-bit integer.
    cost_low     TEXT NOT NULL,
    cost_high    TEXT NOT NULL,

    created_by   BLOB NOT NULL REFERENCES users (id),
    created_at   INTEGER NOT NULL,
    submitted_at INTEGER,
    -- Prices of the countries it goes to, as they were when it was submitted.
    prices       TEXT,

    -- What changes. Every change also raises the revision.
    state        TEXT NOT NULL,
    revision     INTEGER NOT NULL DEFAULT 1,
    spent_low    TEXT NOT NULL DEFAULT '0',
    spent_high   TEXT NOT NULL DEFAULT '0',
    trouble      TEXT,
    -- The latest hand-over: receipts are awaited for two days after it.
    handed_at    INTEGER,

    -- How many messages are in each state, changed in the transaction that changes the messages:
    -- reading a campaign never counts a million rows.
    queued                INTEGER NOT NULL DEFAULT 0 CHECK (queued >= 0),
    unconfirmed           INTEGER NOT NULL DEFAULT 0 CHECK (unconfirmed >= 0),
    sent                  INTEGER NOT NULL DEFAULT 0 CHECK (sent >= 0),
    delivered_to_operator INTEGER NOT NULL DEFAULT 0 CHECK (delivered_to_operator >= 0),
    delivered             INTEGER NOT NULL DEFAULT 0 CHECK (delivered >= 0),
    undelivered           INTEGER NOT NULL DEFAULT 0 CHECK (undelivered >= 0),
    rejected              INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0),
    canceled              INTEGER NOT NULL DEFAULT 0 CHECK (canceled >= 0)
) STRICT;

-- The dispatcher asks every second what there is to do; nearly all campaigns are over.
CREATE INDEX campaigns_state ON campaigns (state, key);

-- The Sender IDs used last, without reading a campaign.
CREATE INDEX campaigns_sender_id ON campaigns (sender_id, submitted_at);

CREATE TABLE chunks (
    campaign     INTEGER NOT NULL REFERENCES campaigns (key) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    -- SHA-256 of the recipients: a repeated upload is recognised, another one refused.
    content_hash BLOB NOT NULL,
    -- Recipients and segments by country (JSON), so that Submit can price a million messages by
    -- adding up two hundred rows.
    countries    TEXT NOT NULL,
    PRIMARY KEY (campaign, number)
) STRICT, WITHOUT ROWID;

-- One row for each recipient. No row id: it is always looked up within its campaign, and the
-- primary key being the table saves a second tree of a million entries.
CREATE TABLE messages (
    campaign    INTEGER NOT NULL REFERENCES campaigns (key) ON DELETE CASCADE,
    seq         INTEGER NOT NULL,
    -- The digits of the E.164 number.
    destination INTEGER NOT NULL,
    country     TEXT,
    segments    INTEGER NOT NULL,
    -- Values of the fields the template uses (JSON), when it uses any but the number.
    fields      TEXT,

    state       TEXT NOT NULL DEFAULT 'queued',
    updated_at  INTEGER NOT NULL,
    -- Hand-overs so far; part of our reference, so that each has one of its own.
    attempt     INTEGER NOT NULL DEFAULT 0,
    -- Hand-overs up to this one are over and done with: the user has asked for another try. News of
    -- them move nothing any more.
    retried     INTEGER NOT NULL DEFAULT 0,
    -- The hand-over that the provider accepted; from then on only its news count. Before that, any
    -- since the latest retry may turn out to be the one.
    accepted    INTEGER,
    -- The latest hand-over.
    batch       INTEGER,
    -- The provider's id.
    umid        BLOB,
    -- Why it failed: the code of a receipt, or the provider's words when it was not even accepted.
    error_code  INTEGER,
    refusal     TEXT,
    -- What a receipt said was charged for this try, in billionths. Without it the price list counts.
    charged     INTEGER,
    PRIMARY KEY (campaign, seq)
) STRICT, WITHOUT ROWID;

-- The next messages to hand over, what is in doubt, and the recipients page with its filter.
CREATE INDEX messages_state ON messages (campaign, state, seq);

-- The outbox: hand-overs whose answers are not all known. A row is written, and its messages are
-- marked unconfirmed, before the request leaves; it is deleted when nothing in it is unconfirmed.
-- Whatever is here at a start was interrupted.
CREATE TABLE batches (
    -- Never used again, see campaigns.
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign  INTEGER NOT NULL REFERENCES campaigns (key) ON DELETE CASCADE,
    -- The range of its messages; others of the range belong to other batches.
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    handed_at INTEGER NOT NULL,
    -- When it was noticed that the answer got lost.
    lost_at   INTEGER,
    -- When the provider was first asked and did not know of all of them.
    missed_at INTEGER
) STRICT;
CREATE INDEX batches_campaign ON batches (campaign);
