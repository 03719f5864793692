-- +goose Up

-- +goose StatementBegin
CREATE FUNCTION never_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'entries of % are closed, never removed', TG_TABLE_NAME; END;
$$;
-- +goose StatementEnd
CREATE TRIGGER imports_remain BEFORE UPDATE OR DELETE ON imports FOR EACH ROW EXECUTE FUNCTION only_added();
CREATE TRIGGER imports_stay BEFORE TRUNCATE ON imports FOR EACH STATEMENT EXECUTE FUNCTION only_added();
CREATE TRIGGER listed_remain BEFORE DELETE ON listed FOR EACH ROW EXECUTE FUNCTION never_removed();
CREATE TRIGGER listed_stay BEFORE TRUNCATE ON listed FOR EACH STATEMENT EXECUTE FUNCTION never_removed();

-- +goose Down
DROP TRIGGER listed_stay ON listed;
DROP TRIGGER listed_remain ON listed;
DROP TRIGGER imports_stay ON imports;
DROP TRIGGER imports_remain ON imports;
DROP FUNCTION never_removed;
