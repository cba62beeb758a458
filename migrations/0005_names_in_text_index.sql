-- Passages are found by the words of their document's name, and by headings in scripts without spaces between words.

-- The same in one step for all tenants: this transaction has the tables for itself.
ALTER TABLE {{tables.documents}} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {{tables.document_chunks}} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {{tables.text_segments}} NO FORCE ROW LEVEL SECURITY;

-- Its index goes with it.
ALTER TABLE {{tables.document_chunks}}
    DROP COLUMN search_vector,
    -- As the index shall see them; NULL where heading_path serves.
    ADD COLUMN heading_words text,
    ADD COLUMN name_words    text NOT NULL DEFAULT '';
-- New documents get theirs from the program, which knows more of how names are written.
UPDATE {{tables.document_chunks}} c
    SET name_words = d.document_name || ' '
            || regexp_replace(regexp_replace(d.document_name, '\.[A-Za-z][A-Za-z0-9]{0,4}$', ''), '[^[:alnum:]]+', ' ', 'g'),
        chunk_no = NULL
    FROM {{tables.documents}} d
    WHERE d.owner_id = c.owner_id AND d.document_id = c.document_id AND c.chunk_level = 1;
-- Weights: see core/textindex/lexemes.h.
ALTER TABLE {{tables.document_chunks}} ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (
    CASE WHEN chunk_level = 1 THEN
        setweight(to_tsvector(text_config, name_words), 'A')
        || setweight(to_tsvector(text_config, coalesce(heading_words, heading_path)), 'B')
        || to_tsvector(text_config, coalesce(search_text, content))
    END) STORED;
CREATE INDEX chunks_search ON {{tables.document_chunks}} USING gin (search_vector);

-- The text index is built anew in the background.
DELETE FROM {{tables.text_segments}};
UPDATE {{tables.owners}} SET text_indexed = false, text_merge_due = false WHERE chunk_count > 0;

ALTER TABLE {{tables.documents}} FORCE ROW LEVEL SECURITY;
ALTER TABLE {{tables.document_chunks}} FORCE ROW LEVEL SECURITY;
ALTER TABLE {{tables.text_segments}} FORCE ROW LEVEL SECURITY;
