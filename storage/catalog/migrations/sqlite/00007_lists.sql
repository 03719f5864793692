-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER imports_stay BEFORE UPDATE ON imports
BEGIN SELECT RAISE(ABORT, 'imports are only ever added'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER imports_remain BEFORE DELETE ON imports
BEGIN SELECT RAISE(ABORT, 'imports are only ever added'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER listed_remain BEFORE DELETE ON listed
BEGIN SELECT RAISE(ABORT, 'entries of lists are closed, never removed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER listed_remain;
DROP TRIGGER imports_remain;
DROP TRIGGER imports_stay;
