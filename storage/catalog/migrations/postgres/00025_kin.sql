-- +goose Up

-- Byte order, as IDs have it: an index in another order finds no ID.
ALTER TABLE papers ALTER COLUMN parted TYPE TEXT COLLATE "C", ALTER COLUMN joined TYPE TEXT COLLATE "C";
ALTER TABLE shelf_files ALTER COLUMN paper TYPE TEXT COLLATE "C";

-- All that a balance counts of the papers of a batch.
DROP INDEX papers_shelf;
CREATE INDEX papers_shelf ON papers (batch, state, n, id, pages, joined) WHERE batch <> '';

-- +goose Down
DROP INDEX papers_shelf;
CREATE INDEX papers_shelf ON papers (batch, state, n, id, pages) WHERE batch <> '';
ALTER TABLE shelf_files ALTER COLUMN paper TYPE TEXT COLLATE "default";
ALTER TABLE papers ALTER COLUMN parted TYPE TEXT COLLATE "default", ALTER COLUMN joined TYPE TEXT COLLATE "default";
