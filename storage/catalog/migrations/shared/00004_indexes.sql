-- +goose Up
CREATE INDEX papers_number ON papers (number, n, unit, kind, state) WHERE number <> '';
CREATE INDEX papers_original ON papers (original);
CREATE INDEX papers_owner ON papers (owner) WHERE owner <> '';
CREATE INDEX papers_state ON papers (state, n);
CREATE INDEX views_paper ON views (paper, id);

-- +goose Down
DROP INDEX views_paper;
DROP INDEX papers_state;
DROP INDEX papers_owner;
DROP INDEX papers_original;
DROP INDEX papers_number;
