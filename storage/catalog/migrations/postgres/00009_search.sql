-- +goose Up

ALTER TABLE papers ALTER COLUMN counter TYPE TEXT COLLATE "C";
ALTER TABLE papers ALTER COLUMN holder TYPE TEXT COLLATE "C";
ALTER TABLE papers ALTER COLUMN document TYPE TEXT COLLATE "C";
ALTER TABLE papers ALTER COLUMN issued TYPE TEXT COLLATE "C";
ALTER TABLE papers ALTER COLUMN class TYPE TEXT COLLATE "C";
ALTER TABLE papers ALTER COLUMN batch TYPE TEXT COLLATE "C";
ALTER TABLE saved ALTER COLUMN account TYPE TEXT COLLATE "C";
ALTER TABLE saved ALTER COLUMN id TYPE TEXT COLLATE "C";

-- The papers that are there. What Go would write more exactly it writes with the next
-- move; the forms below are those of all that was read by rule. A document with NUL in
-- it is none to PostgreSQL, and in a plain locale Đ has no small letter.
UPDATE papers SET counter = reverse(right(number, 7)) WHERE number <> '';
UPDATE papers SET
    holder = CASE WHEN length(f.holder) <= 20 THEN replace(replace(f.holder, ' ', ''), '.', '') ELSE '' END,
    document = CASE WHEN length(f.document) <= 60 THEN ltrim(translate(lower(f.document), 'đĐ ', 'dd'), '0') ELSE '' END,
    issued = CASE WHEN length(f.issued) = 10 THEN f.issued ELSE '' END,
    class = CASE WHEN length(f.class) <= 60 THEN f.class ELSE '' END
FROM (
    SELECT p.id,
        coalesce(max(x ->> 'value') FILTER (WHERE x ->> 'name' = 'owner_id'), '') AS holder,
        coalesce(max(x ->> 'value') FILTER (WHERE x ->> 'name' = 'document_number'), '') AS document,
        coalesce(max(x ->> 'value') FILTER (WHERE x ->> 'name' = 'issue_date'), '') AS issued,
        coalesce(max(x ->> 'value') FILTER (WHERE x ->> 'name' = 'class'), '') AS class
    FROM papers p CROSS JOIN LATERAL json_array_elements(p.doc::json -> 'fields') AS x
    WHERE position('\u0000' IN p.doc) = 0
    GROUP BY p.id
) AS f WHERE f.id = papers.id;

CREATE INDEX papers_counter  ON papers (counter, n)  WHERE counter <> '';
CREATE INDEX papers_holder   ON papers (holder, n)   WHERE holder <> '';
CREATE INDEX papers_masked   ON papers (right(holder, 6), n) WHERE holder <> '';
CREATE INDEX papers_document ON papers (document, n) WHERE document <> '';
CREATE INDEX papers_issued   ON papers (issued, n)   WHERE issued <> '';
CREATE INDEX papers_class    ON papers (class, n)    WHERE class <> '';
CREATE INDEX papers_batch    ON papers (batch, n)    WHERE batch <> '';
-- Facets are counted in this index alone: the rows lie far apart and carry their doc.
CREATE INDEX papers_traits   ON papers (n, unit, kind, state, class, batch, issued);

-- +goose Down
DROP INDEX papers_traits;
DROP INDEX papers_batch;
DROP INDEX papers_class;
DROP INDEX papers_issued;
DROP INDEX papers_document;
DROP INDEX papers_masked;
DROP INDEX papers_holder;
DROP INDEX papers_counter;
