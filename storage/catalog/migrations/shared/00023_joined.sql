-- +goose Up

-- The paper that took in the pages of a paper, '' if none did.
ALTER TABLE papers ADD COLUMN joined TEXT NOT NULL DEFAULT '';
CREATE INDEX papers_joined ON papers (id, joined) WHERE joined <> '';
DROP INDEX papers_standing;
CREATE INDEX papers_standing ON papers (id, state, joined) WHERE batch <> '';
DROP INDEX papers_parted;
CREATE INDEX papers_parted ON papers (parted, id, state, joined) WHERE parted <> '';

-- +goose Down
DROP INDEX papers_parted;
CREATE INDEX papers_parted ON papers (parted, id, state) WHERE parted <> '';
DROP INDEX papers_standing;
CREATE INDEX papers_standing ON papers (id, state) WHERE batch <> '';
DROP INDEX papers_joined;
ALTER TABLE papers DROP COLUMN joined;
