-- The tables of llmemory. Every tenant table begins its primary key, its unique constraints and its
-- foreign keys with owner_id, so that one tenant's rows are addressable by it alone and the schema can be
-- distributed by it. Row-level security backs the owner filter of every statement.

-- The tenant of the current transaction; NULL when none was chosen, which sees nothing.
CREATE FUNCTION {{schema}}.current_owner() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('llmemory.owner', true), '') $$;

-- Whether the transaction belongs to a worker that serves the queues of all tenants.
CREATE FUNCTION {{schema}}.serves_queue() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('llmemory.scope', true) = 'queue', false) $$;

-- The registry of tenants: names and counts, no documents; read by administration, hence without row-level
-- security. The counts are kept by the transaction that changes the documents.
CREATE TABLE {{tables.owners}} (
    owner_id       text        NOT NULL PRIMARY KEY,
    display_name   text        NOT NULL,
    settings       jsonb       NOT NULL DEFAULT '{}',
    document_count bigint      NOT NULL DEFAULT 0,
    chunk_count    bigint      NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE {{tables.documents}} (
    owner_id          text        NOT NULL REFERENCES {{tables.owners}} ON DELETE CASCADE,
    document_id       uuid        NOT NULL,
    id_at_origin      text        NOT NULL,
    document_type     text        NOT NULL,
    document_name     text        NOT NULL,
    document_date     timestamptz,
    metadata          jsonb       NOT NULL DEFAULT '{}',
    language          text        NOT NULL,
    text_config       regconfig   NOT NULL,
    content_hash      text        NOT NULL,
    -- Hash of everything that decides the chunks: text, structure, type, sizes, version of the chunker.
    chunk_fingerprint text        NOT NULL,
    char_count        bigint      NOT NULL,
    page_count        integer     NOT NULL,
    chunk_count       integer     NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, document_id),
    UNIQUE (owner_id, id_at_origin)
);
CREATE INDEX documents_by_creation ON {{tables.documents}} (owner_id, created_at DESC, document_id);
CREATE INDEX documents_by_update ON {{tables.documents}} (owner_id, updated_at DESC, document_id);
CREATE INDEX documents_by_name ON {{tables.documents}} (owner_id, document_name, document_id);
CREATE INDEX documents_by_date ON {{tables.documents}} (owner_id, document_date DESC);
CREATE INDEX documents_by_config ON {{tables.documents}} (owner_id, text_config);
CREATE INDEX documents_metadata ON {{tables.documents}} USING gin (metadata jsonb_path_ops);

-- The text and its pages and headings, apart from the row that lists read.
CREATE TABLE {{tables.document_contents}} (
    owner_id    text  NOT NULL,
    document_id uuid  NOT NULL,
    content     text  NOT NULL,
    structure   jsonb NOT NULL,
    PRIMARY KEY (owner_id, document_id),
    FOREIGN KEY (owner_id, document_id) REFERENCES {{tables.documents}} ON DELETE CASCADE
);

-- Level 1 are the passages that are searched, level 2 their parents, for context.
CREATE TABLE {{tables.document_chunks}} (
    owner_id        text        NOT NULL,
    chunk_id        uuid        NOT NULL,
    document_id     uuid        NOT NULL,
    parent_chunk_id uuid,
    chunk_index     integer     NOT NULL,
    chunk_level     smallint    NOT NULL CHECK (chunk_level IN (1, 2)),
    content         text        NOT NULL,
    -- The text with spaces between words where the script has none; NULL when content serves.
    search_text     text,
    -- Titles from the outermost heading inwards, a line each.
    heading_path    text        NOT NULL DEFAULT '',
    content_hash    text        NOT NULL,
    token_count     integer     NOT NULL,
    page            integer     NOT NULL,
    line_start      integer     NOT NULL,
    line_end        integer     NOT NULL,
    -- UTF-16 offsets in the document's text, the end exclusive.
    char_start      bigint      NOT NULL,
    char_end        bigint      NOT NULL,
    text_config     regconfig   NOT NULL,
    search_vector   tsvector    GENERATED ALWAYS AS (
        CASE WHEN chunk_level = 1 THEN
            setweight(to_tsvector(text_config, heading_path), 'B')
            || to_tsvector(text_config, coalesce(search_text, content))
        END) STORED,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, chunk_id),
    UNIQUE (owner_id, document_id, chunk_level, chunk_index),
    FOREIGN KEY (owner_id, document_id) REFERENCES {{tables.documents}} ON DELETE CASCADE,
    FOREIGN KEY (owner_id, parent_chunk_id) REFERENCES {{tables.document_chunks}} ON DELETE CASCADE
);
CREATE INDEX chunks_by_parent ON {{tables.document_chunks}} (owner_id, parent_chunk_id)
    WHERE parent_chunk_id IS NOT NULL;
CREATE INDEX chunks_search ON {{tables.document_chunks}} USING gin (search_vector);

-- Embedding models and the table that holds each one's vectors.
CREATE TABLE {{tables.embedding_providers}} (
    provider_id   text        NOT NULL PRIMARY KEY,
    provider_type text        NOT NULL,
    model_name    text        NOT NULL,
    dimension     integer     NOT NULL CHECK (dimension BETWEEN 1 AND 4000),
    table_name    text        NOT NULL UNIQUE,
    is_default    boolean     NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX embedding_providers_one_default ON {{tables.embedding_providers}} (is_default)
    WHERE is_default;

-- Passages that wait for their vector. A finished job is deleted; a dead one keeps its reason.
CREATE TABLE {{tables.embedding_queue}} (
    owner_id      text        NOT NULL,
    chunk_id      uuid        NOT NULL,
    provider_id   text        NOT NULL REFERENCES {{tables.embedding_providers}} ON DELETE CASCADE,
    document_id   uuid        NOT NULL,
    content_hash  text        NOT NULL,
    status        text        NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'failed')),
    attempts      integer     NOT NULL DEFAULT 0,
    run_after     timestamptz NOT NULL DEFAULT now(),
    lease_token   uuid,
    error_message text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, chunk_id, provider_id),
    FOREIGN KEY (owner_id, chunk_id) REFERENCES {{tables.document_chunks}} ON DELETE CASCADE
);
-- run_after is also the end of a lease: a job leased to a worker that died is due again by itself.
CREATE INDEX embedding_queue_due ON {{tables.embedding_queue}} (run_after) WHERE status = 'pending';
CREATE INDEX embedding_queue_by_document ON {{tables.embedding_queue}} (owner_id, document_id);

-- Files on their way in. A batch belongs to the program that leased it; when its lease runs out, another
-- program on the same machine takes over what is left.
CREATE TABLE {{tables.ingest_batches}} (
    owner_id    text        NOT NULL REFERENCES {{tables.owners}} ON DELETE CASCADE,
    batch_id    uuid        NOT NULL,
    host        text        NOT NULL,
    options     jsonb       NOT NULL,
    lease_token uuid        NOT NULL,
    lease_until timestamptz NOT NULL,
    finished_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, batch_id)
);
CREATE INDEX ingest_batches_open ON {{tables.ingest_batches}} (host, lease_until) WHERE finished_at IS NULL;

CREATE TABLE {{tables.ingest_files}} (
    owner_id       text        NOT NULL,
    batch_id       uuid        NOT NULL,
    file_id        uuid        NOT NULL,
    position       bigint      NOT NULL,
    path           text        NOT NULL,
    id_at_origin   text        NOT NULL,
    state          text        NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'added', 'updated', 'unchanged', 'failed', 'cancelled')),
    attempts       integer     NOT NULL DEFAULT 0,
    document_id    uuid,
    chunks_created integer     NOT NULL DEFAULT 0,
    error_code     text,
    error_message  text,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, file_id),
    FOREIGN KEY (owner_id, batch_id) REFERENCES {{tables.ingest_batches}} ON DELETE CASCADE
);
CREATE INDEX ingest_files_by_batch ON {{tables.ingest_files}} (owner_id, batch_id, state, position);

-- The wall between tenants. FORCE: it holds for the tables' owner as well.
ALTER TABLE {{tables.documents}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.documents}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.documents}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

ALTER TABLE {{tables.document_contents}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.document_contents}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.document_contents}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

ALTER TABLE {{tables.document_chunks}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.document_chunks}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.document_chunks}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

-- Queue tables hold ids and states, no text; workers may serve those of all tenants.
ALTER TABLE {{tables.embedding_queue}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.embedding_queue}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.embedding_queue}}
    USING (owner_id = {{schema}}.current_owner() OR {{schema}}.serves_queue())
    WITH CHECK (owner_id = {{schema}}.current_owner() OR {{schema}}.serves_queue());

ALTER TABLE {{tables.ingest_batches}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.ingest_batches}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.ingest_batches}}
    USING (owner_id = {{schema}}.current_owner() OR {{schema}}.serves_queue())
    WITH CHECK (owner_id = {{schema}}.current_owner() OR {{schema}}.serves_queue());

ALTER TABLE {{tables.ingest_files}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.ingest_files}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.ingest_files}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());
