-- +goose Up

-- The account that handed a paper in: everybody's own papers of the day are asked for
-- whenever a desk is opened.
ALTER TABLE papers ADD COLUMN sender TEXT NOT NULL DEFAULT '';
UPDATE papers SET sender = coalesce(doc::json ->> 'sender', '');
CREATE INDEX papers_sender ON papers (sender, n);

-- +goose Down
DROP INDEX papers_sender;
ALTER TABLE papers DROP COLUMN sender;
