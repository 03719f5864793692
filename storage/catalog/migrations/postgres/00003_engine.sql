-- +goose Up

-- Byte order, as SQLite has it, so that a range of an index is a prefix.
ALTER TABLE papers ALTER COLUMN id TYPE TEXT COLLATE "C";
ALTER TABLE papers ALTER COLUMN number TYPE TEXT COLLATE "C";
ALTER TABLE papers ALTER COLUMN unit TYPE TEXT COLLATE "C";
ALTER TABLE papers ALTER COLUMN state TYPE TEXT COLLATE "C";
ALTER TABLE outbox ALTER COLUMN id TYPE TEXT COLLATE "C";
ALTER TABLE accounts ALTER COLUMN name_key TYPE TEXT COLLATE "C";
ALTER TABLE views ALTER COLUMN id TYPE TEXT COLLATE "C";

-- The full text as stored, compressed, for snippets and for indexing anew.
CREATE TABLE texts (
    n    BIGINT NOT NULL PRIMARY KEY,
    body BYTEA  NOT NULL
);

-- The words arrive folded, cut and numbered by Go, as the text form of a tsvector.
CREATE TABLE words (
    n   BIGINT   NOT NULL PRIMARY KEY,
    tsv TSVECTOR NOT NULL
);

CREATE INDEX words_tsv ON words USING GIN (tsv);

-- +goose StatementBegin
CREATE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% are only ever added', TG_TABLE_NAME; END;
$$;
-- +goose StatementEnd
CREATE TRIGGER events_remain BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION only_added();
CREATE TRIGGER events_stay BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION only_added();
CREATE TRIGGER views_remain BEFORE UPDATE OR DELETE ON views FOR EACH ROW EXECUTE FUNCTION only_added();
CREATE TRIGGER views_stay BEFORE TRUNCATE ON views FOR EACH STATEMENT EXECUTE FUNCTION only_added();

-- +goose Down
DROP TRIGGER views_stay ON views;
DROP TRIGGER views_remain ON views;
DROP TRIGGER events_stay ON events;
DROP TRIGGER events_remain ON events;
DROP FUNCTION only_added;
DROP TABLE words;
DROP TABLE texts;
