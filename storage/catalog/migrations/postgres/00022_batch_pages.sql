-- +goose Up

-- Pages of the papers that are there already.
UPDATE papers SET pages = coalesce(CAST(doc::json ->> 'pages' AS INTEGER), 0) WHERE batch <> '';
CREATE INDEX papers_shelf ON papers (batch, state, n, id, number, pages) WHERE batch <> '';

-- +goose Down
DROP INDEX papers_shelf;
