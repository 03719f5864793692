-- +goose Up

-- The entries of the official lists, of which there are few enough to be read whole. doc
-- is the pipeline.Agency or pipeline.Procedure as JSON, with its validity. Triggers
-- refuse to remove any: papers refer to them for ever.
CREATE TABLE listed (
    list     TEXT   NOT NULL CHECK (list IN ('agencies', 'procedures')),
    code     TEXT   NOT NULL,
    since    TEXT   NOT NULL, -- the first day, ISO 8601, '' for always
    base     TEXT   NOT NULL, -- of a procedure its national code, else the code
    imported BIGINT NOT NULL, -- the import that wrote it last
    doc      TEXT   NOT NULL,
    PRIMARY KEY (list, code, since)
);

CREATE INDEX listed_base ON listed (list, base);

-- Who changed which list when. Triggers refuse every change but adding.
CREATE TABLE imports (
    id   BIGINT NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL,
    list TEXT   NOT NULL,
    doc  TEXT   NOT NULL
);

-- +goose Down
DROP TABLE imports;
DROP TABLE listed;
