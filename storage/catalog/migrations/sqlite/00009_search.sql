-- +goose Up

-- The papers that are there. What Go would write more exactly it writes with the next
-- move; the forms below are those of all that was read by rule.
UPDATE papers SET
    counter = coalesce((SELECT group_concat(substr(number, -i, 1), '') FROM
        (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7)
        WHERE number <> ''), ''),
    holder = coalesce((SELECT replace(replace(json_extract(value, '$.value'), ' ', ''), '.', '')
        FROM json_each(doc, '$.fields') WHERE json_extract(value, '$.name') = 'owner_id'
        AND length(json_extract(value, '$.value')) <= 20), ''),
    document = coalesce((SELECT ltrim(replace(replace(lower(json_extract(value, '$.value')), ' ', ''), 'Đ', 'd'), '0')
        FROM json_each(doc, '$.fields') WHERE json_extract(value, '$.name') = 'document_number'
        AND length(json_extract(value, '$.value')) <= 60), ''),
    issued = coalesce((SELECT json_extract(value, '$.value')
        FROM json_each(doc, '$.fields') WHERE json_extract(value, '$.name') = 'issue_date'
        AND length(json_extract(value, '$.value')) = 10), ''),
    class = coalesce((SELECT json_extract(value, '$.value')
        FROM json_each(doc, '$.fields') WHERE json_extract(value, '$.name') = 'class'
        AND length(json_extract(value, '$.value')) <= 60), '');

CREATE INDEX papers_counter  ON papers (counter, n)  WHERE counter <> '';
CREATE INDEX papers_holder   ON papers (holder, n)   WHERE holder <> '';
CREATE INDEX papers_masked   ON papers (substr(holder, -6), n) WHERE holder <> '';
CREATE INDEX papers_document ON papers (document, n) WHERE document <> '';
CREATE INDEX papers_issued   ON papers (issued, n)   WHERE issued <> '';
CREATE INDEX papers_class    ON papers (class, n)    WHERE class <> '';
CREATE INDEX papers_batch    ON papers (batch, n)    WHERE batch <> '';
-- Facets are counted in this index alone: the rows lie far apart and carry their doc.
CREATE INDEX papers_traits   ON papers (n, unit, kind, state, class, batch, issued);

-- The words that there are, to tell which of those one letter away exist.
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, instance);

-- +goose Down
DROP TABLE vocabulary;
DROP INDEX papers_traits;
DROP INDEX papers_batch;
DROP INDEX papers_class;
DROP INDEX papers_issued;
DROP INDEX papers_document;
DROP INDEX papers_masked;
DROP INDEX papers_holder;
DROP INDEX papers_counter;
