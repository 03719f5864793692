-- +goose Up

-- By what a paper is recognized when it comes again, see pipeline.Sketch: its sketch, and
-- those of its hashes by which others find it. Papers that are there have none until they
-- are read again or the catalog is rebuilt.
CREATE TABLE sketches (
    n      BIGINT NOT NULL PRIMARY KEY,
    sketch BYTEA NOT NULL
);

CREATE TABLE sketch_marks (
    mark BIGINT NOT NULL,
    n    BIGINT NOT NULL,
    PRIMARY KEY (mark, n)
);

-- +goose Down
DROP TABLE sketch_marks;
DROP TABLE sketches;
