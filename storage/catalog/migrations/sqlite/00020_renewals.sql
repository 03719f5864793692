-- +goose Up

-- When the record of a filed paper must be renewed at the latest, in milliseconds: 1 if
-- something is missing in it, 0 if it needs no renewal. Records that are there already
-- have a timestamp and nothing to prove it by later.
ALTER TABLE papers ADD COLUMN renew_by BIGINT NOT NULL DEFAULT 0;
UPDATE papers SET renew_by = 1
    WHERE state = 'filed' AND json_extract(doc, '$.signed_on_arrival') IS NULL AND json_extract(doc, '$.record') IS NOT NULL;
CREATE INDEX papers_renewals ON papers (renew_by, n) WHERE renew_by > 0;

-- +goose Down
DROP INDEX papers_renewals;
ALTER TABLE papers DROP COLUMN renew_by;
