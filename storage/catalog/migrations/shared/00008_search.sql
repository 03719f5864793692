-- +goose Up

-- What papers are looked up by and counted by, taken from doc; '' where it says nothing.
ALTER TABLE papers ADD COLUMN counter  TEXT NOT NULL DEFAULT ''; -- of the number, seven digits read backwards
ALTER TABLE papers ADD COLUMN holder   TEXT NOT NULL DEFAULT ''; -- the owner's number: of a citizen, or for tax
ALTER TABLE papers ADD COLUMN document TEXT NOT NULL DEFAULT ''; -- its own number and symbol, folded: 15/qd-ubnd
ALTER TABLE papers ADD COLUMN issued   TEXT NOT NULL DEFAULT ''; -- ISO 8601
ALTER TABLE papers ADD COLUMN class    TEXT NOT NULL DEFAULT '';
ALTER TABLE papers ADD COLUMN batch    TEXT NOT NULL DEFAULT '';

-- The searches that somebody keeps. doc holds what was asked, which may be personal.
CREATE TABLE saved (
    account TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    doc     TEXT   NOT NULL,
    PRIMARY KEY (account, id)
);

-- +goose Down
DROP TABLE saved;
ALTER TABLE papers DROP COLUMN batch;
ALTER TABLE papers DROP COLUMN class;
ALTER TABLE papers DROP COLUMN issued;
ALTER TABLE papers DROP COLUMN document;
ALTER TABLE papers DROP COLUMN holder;
ALTER TABLE papers DROP COLUMN counter;
