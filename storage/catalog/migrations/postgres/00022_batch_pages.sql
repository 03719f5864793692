-- +goose Up

-- Pages of the papers that are there already.
UPDATE papers SET pages = coalesce(CAST(doc::json ->> 'pages' AS INTEGER), 0) WHERE batch <> '';
CREATE INDEX papers_shelf ON papers (batch, state, n, id, pages) WHERE batch <> '';
CREATE INDEX papers_dossiers ON papers (batch, number) WHERE batch <> '';
CREATE INDEX papers_standing ON papers (id, state) WHERE batch <> '';

-- +goose Down
DROP INDEX papers_standing;
DROP INDEX papers_dossiers;
DROP INDEX papers_shelf;
