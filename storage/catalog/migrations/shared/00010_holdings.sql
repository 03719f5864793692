-- +goose Up

-- Every digitization code ever given, with what it counts in. None is given twice, so
-- that one which was given to a paper before its owner was corrected stays.
CREATE TABLE codes (
    code   TEXT   NOT NULL PRIMARY KEY,
    paper  TEXT   NOT NULL,
    stem   TEXT   NOT NULL,
    serial BIGINT NOT NULL,
    at     BIGINT NOT NULL
);

CREATE UNIQUE INDEX codes_stem ON codes (stem, serial);
CREATE INDEX codes_paper ON codes (paper);

-- Papers that other dossiers use again. doc is the pipeline.Reuse as JSON; ended is 0
-- while the reuse stands.
CREATE TABLE reuses (
    id      TEXT   NOT NULL PRIMARY KEY,
    dossier TEXT   NOT NULL, -- canonical number of the dossier that uses the paper
    paper   TEXT   NOT NULL,
    unit    TEXT   NOT NULL, -- canonical code of the unit that works on the dossier
    at      BIGINT NOT NULL,
    ended   BIGINT NOT NULL DEFAULT 0,
    doc     TEXT   NOT NULL
);

CREATE INDEX reuses_dossier ON reuses (dossier);
CREATE INDEX reuses_paper ON reuses (paper);
CREATE INDEX reuses_at ON reuses (at, unit, dossier) WHERE ended = 0;

-- +goose Down
DROP TABLE reuses;
DROP TABLE codes;
