-- +goose Up

CREATE TABLE accounts (
    name_key TEXT    NOT NULL PRIMARY KEY, -- the name in lower case
    name     TEXT    NOT NULL,
    hash     TEXT    NOT NULL,
    role     TEXT    NOT NULL,
    unit     TEXT    NOT NULL,
    created  BIGINT  NOT NULL,
    disabled INTEGER NOT NULL
);

CREATE TABLE sessions (
    token   TEXT   NOT NULL PRIMARY KEY, -- a hash of the token, never the token
    data    TEXT   NOT NULL,             -- base64
    expires BIGINT NOT NULL
);

CREATE INDEX sessions_expires ON sessions (expires);

-- Who looked at what. Triggers refuse every change but adding.
CREATE TABLE views (
    id      TEXT   NOT NULL PRIMARY KEY, -- a ULID: sorts by time
    at      BIGINT NOT NULL,
    account TEXT   NOT NULL,
    paper   TEXT   NOT NULL,
    act     TEXT   NOT NULL,
    detail  TEXT   NOT NULL,
    remote  TEXT   NOT NULL
);

-- +goose Down
DROP TABLE views;
DROP TABLE sessions;
DROP TABLE accounts;
