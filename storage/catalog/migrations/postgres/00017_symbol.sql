-- +goose Up

-- The symbol of a document, /qd-ubnd, is what follows the last slash of its number. With
-- the number in it the index is looked through alone.
CREATE INDEX papers_symbol ON papers (substring(document from '/[^/]*$'), n) INCLUDE (document);

-- +goose Down
DROP INDEX papers_symbol;
