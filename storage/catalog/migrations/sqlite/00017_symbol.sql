-- +goose Up

-- The symbol of a document, /qd-ubnd, is what follows the last slash of its number.
CREATE INDEX papers_symbol ON papers (substr(document, length(rtrim(document, replace(document, '/', '')))), n);

-- +goose Down
DROP INDEX papers_symbol;
