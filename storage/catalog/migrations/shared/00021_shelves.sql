-- +goose Up

-- Trees of folders that are digitized under one label each.
CREATE TABLE shelves (
    label  TEXT   NOT NULL PRIMARY KEY,
    root   TEXT   NOT NULL,
    host   TEXT   NOT NULL,
    opened BIGINT NOT NULL,
    opener TEXT   NOT NULL, -- the account
    seed   TEXT   NOT NULL  -- of the draw of its quality sample
);

-- The goings through a shelf. One that lives has no how.
CREATE TABLE shelf_runs (
    label TEXT    NOT NULL,
    n     INTEGER NOT NULL,
    began BIGINT  NOT NULL,
    until BIGINT  NOT NULL,
    beat  BIGINT  NOT NULL,
    ended BIGINT  NOT NULL,
    how   TEXT    NOT NULL,
    walk  BIGINT  NOT NULL,
    found BIGINT  NOT NULL,
    PRIMARY KEY (label, n)
);

-- The files of shelves. former is 0, or counts the contents that a path had before and
-- whose papers have receipts. doc is the pipeline.ShelfFile as JSON; what has a column is
-- taken from that.
CREATE TABLE shelf_files (
    label  TEXT    NOT NULL,
    n      BIGINT  NOT NULL, -- from 1
    place  TEXT    NOT NULL, -- digest of the path: indexes refuse long ones
    former INTEGER NOT NULL,
    state  TEXT    NOT NULL,
    paper  TEXT    NOT NULL,
    walk   BIGINT  NOT NULL,
    doc    TEXT    NOT NULL,
    PRIMARY KEY (label, n)
);

CREATE UNIQUE INDEX shelf_files_place ON shelf_files (label, place, former);
CREATE INDEX shelf_files_state ON shelf_files (label, state, former, n, paper);

-- Papers drawn for a second look. doc is the pipeline.Check as JSON.
CREATE TABLE shelf_checks (
    label TEXT   NOT NULL,
    paper TEXT   NOT NULL,
    drawn BIGINT NOT NULL,
    looked BIGINT NOT NULL, -- 0 while nobody has
    good  INTEGER NOT NULL,
    doc   TEXT   NOT NULL,
    PRIMARY KEY (label, paper)
);

CREATE TABLE shelf_signoffs (
    label TEXT    NOT NULL,
    n     INTEGER NOT NULL, -- from 1
    doc   TEXT    NOT NULL, -- the pipeline.SignOff as JSON
    PRIMARY KEY (label, n)
);

-- The paper that a paper was parted from, '' if it was not.
ALTER TABLE papers ADD COLUMN parted TEXT NOT NULL DEFAULT '';
CREATE INDEX papers_parted ON papers (parted, id, state) WHERE parted <> '';

-- How many pages were read of a paper that came in a batch; 0 for any other.
ALTER TABLE papers ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;

-- +goose Down
DROP INDEX papers_parted;
ALTER TABLE papers DROP COLUMN pages;
ALTER TABLE papers DROP COLUMN parted;
DROP TABLE shelf_signoffs;
DROP TABLE shelf_checks;
DROP TABLE shelf_files;
DROP TABLE shelf_runs;
DROP TABLE shelves;
