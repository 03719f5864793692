-- +goose Up

-- Signatures that officers' keys have been asked for, one of a paper at a time. All of
-- this is a hint: what was accepted lies in the bucket. doc is JSON.
CREATE TABLE desk_requests (
    paper       TEXT   NOT NULL PRIMARY KEY,
    id          TEXT   NOT NULL,
    gen         BIGINT NOT NULL, -- of the paper
    account     TEXT   NOT NULL,
    certificate TEXT   NOT NULL, -- its digest
    until       BIGINT NOT NULL,
    doc         TEXT   NOT NULL
);

CREATE UNIQUE INDEX desk_requests_id ON desk_requests (id);
CREATE INDEX desk_requests_until ON desk_requests (until);

-- Papers that officers have decided to sign.
CREATE TABLE desk_wishes (
    paper   TEXT   NOT NULL PRIMARY KEY,
    account TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    trouble TEXT   NOT NULL -- code of why it came to nothing, '' while it may not
);

CREATE INDEX desk_wishes_account ON desk_wishes (account, at);

-- When the helper on an officer's desk was last heard of.
CREATE TABLE desk_helpers (
    account TEXT   NOT NULL PRIMARY KEY,
    seen    BIGINT NOT NULL
);

-- Whose certificates an account signs with.
CREATE TABLE desk_holders (
    account TEXT   NOT NULL PRIMARY KEY,
    subject TEXT   NOT NULL, -- its digest
    at      BIGINT NOT NULL
);

CREATE UNIQUE INDEX desk_holders_subject ON desk_holders (subject);

-- +goose Down
DROP TABLE desk_holders;
DROP TABLE desk_helpers;
DROP TABLE desk_wishes;
DROP TABLE desk_requests;
