-- The text index that passages are ranked by: postings lists in blocks of terms, in segments that are written
-- once and merged into larger ones. See core/textindex.

-- Numbers for passages and segments are given to an owner in turn and never again. Owners that have passages
-- already get their index in the background; until then they are searched without it.
ALTER TABLE {{tables.owners}}
    ADD COLUMN last_number    bigint  NOT NULL DEFAULT 0,
    ADD COLUMN text_indexed   boolean NOT NULL DEFAULT true,
    ADD COLUMN text_merge_due boolean NOT NULL DEFAULT false;
UPDATE {{tables.owners}} SET text_indexed = false WHERE chunk_count > 0;
CREATE INDEX owners_with_index_work ON {{tables.owners}} (owner_id) WHERE NOT text_indexed OR text_merge_due;

-- The passage's number in the text index; NULL for parents, and until it is indexed.
ALTER TABLE {{tables.document_chunks}} ADD COLUMN chunk_no bigint;
CREATE UNIQUE INDEX chunks_by_number ON {{tables.document_chunks}} (owner_id, chunk_no) INCLUDE (chunk_id);
CREATE INDEX chunks_without_number ON {{tables.document_chunks}} (owner_id, document_id)
    WHERE chunk_level = 1 AND chunk_no IS NULL;

-- What a transaction added and took away, or several of them merged.
CREATE TABLE {{tables.text_segments}} (
    owner_id     text   NOT NULL REFERENCES {{tables.owners}} ON DELETE CASCADE,
    segment_id   bigint NOT NULL,
    -- Passages that come, less those that go; and the same of their lengths.
    passages     bigint NOT NULL,
    total_length bigint NOT NULL,
    -- Passages that come or go; and those of them that go.
    entries      bigint NOT NULL,
    removed      bigint NOT NULL,
    PRIMARY KEY (owner_id, segment_id)
);

-- Blocks of terms in the order of their bytes. Bytes are not compressed: they are short already.
CREATE TABLE {{tables.text_postings}} (
    owner_id   text   NOT NULL,
    segment_id bigint NOT NULL,
    first_term text   COLLATE "C" NOT NULL,
    last_term  text   COLLATE "C" NOT NULL,
    entries    bytea  NOT NULL,
    PRIMARY KEY (owner_id, segment_id, first_term) INCLUDE (last_term),
    FOREIGN KEY (owner_id, segment_id) REFERENCES {{tables.text_segments}} ON DELETE CASCADE
);
ALTER TABLE {{tables.text_postings}} ALTER entries SET STORAGE EXTERNAL;

ALTER TABLE {{tables.text_segments}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.text_segments}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.text_segments}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

ALTER TABLE {{tables.text_postings}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.text_postings}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.text_postings}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());
