-- +goose Up

-- The full text as stored, compressed, for snippets and for indexing anew.
CREATE TABLE texts (
    n    INTEGER NOT NULL PRIMARY KEY,
    body BLOB    NOT NULL
);

-- The words arrive folded and cut by Go: letters and digits between spaces, and
-- marks such as @uh42.15 in meta. The tokenizer only has to cut at spaces.
CREATE VIRTUAL TABLE words USING fts5 (
    head, body, meta,
    content = '', contentless_delete = 1,
    tokenize = "ascii tokenchars '@.-'"
);

-- +goose StatementBegin
CREATE TRIGGER events_stay BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_remain BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER views_stay BEFORE UPDATE ON views
BEGIN SELECT RAISE(ABORT, 'views are only ever added'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER views_remain BEFORE DELETE ON views
BEGIN SELECT RAISE(ABORT, 'views are only ever added'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER views_remain;
DROP TRIGGER views_stay;
DROP TRIGGER events_remain;
DROP TRIGGER events_stay;
DROP TABLE words;
DROP TABLE texts;
