-- +goose Up

-- Folders of dossiers in which the newest walk through the whole tree found nothing
-- scanned: the pipeline.EmptyFolders as JSON, '' before the first walk.
ALTER TABLE shelves ADD COLUMN empty_folders TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE shelves DROP COLUMN empty_folders;
