-- +goose Up

-- One row for each paper ever received. doc is the whole pipeline.Paper as JSON; the
-- other columns are what moves and lists need to look at. Times are milliseconds of
-- the Unix epoch.
CREATE TABLE papers (
    id       TEXT   NOT NULL PRIMARY KEY,
    n        BIGINT NOT NULL UNIQUE, -- the place in the order of receipt, see place.go
    gen      BIGINT NOT NULL,
    state    TEXT   NOT NULL CHECK (state IN ('received', 'recognized', 'confirming',
                    'composed', 'signing', 'signed', 'filed', 'rejected', 'failed')),
    lane     TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    unit     TEXT   NOT NULL, -- canonical unit code, '' for none
    number   TEXT   NOT NULL, -- canonical dossier number, '' while nobody knows it
    handed   TEXT   NOT NULL, -- canonical dossier number the sender gave, '' for none
    original TEXT   NOT NULL, -- SHA-256 of the original
    owner    TEXT   NOT NULL DEFAULT '',
    lease    BIGINT NOT NULL DEFAULT 0,
    retry_at BIGINT NOT NULL DEFAULT 0,
    updated  BIGINT NOT NULL,
    doc      TEXT   NOT NULL
);

-- What is to do and not yet handed to the queue: at most one row for a paper.
CREATE TABLE outbox (
    id    TEXT   NOT NULL PRIMARY KEY,
    gen   BIGINT NOT NULL,
    state TEXT   NOT NULL,
    lane  TEXT   NOT NULL,
    rank  BIGINT NOT NULL, -- lanes first served first
    at    BIGINT NOT NULL
);

CREATE INDEX outbox_order ON outbox (rank, at, id);

-- What happened to each paper. Triggers refuse every change but adding.
CREATE TABLE events (
    paper TEXT   NOT NULL,
    seq   BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    doc   TEXT   NOT NULL,
    PRIMARY KEY (paper, seq)
);

-- +goose Down
DROP TABLE events;
DROP TABLE outbox;
DROP TABLE papers;
