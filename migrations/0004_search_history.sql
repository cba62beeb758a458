-- What owners searched for, and what they thought of the results. Ids and query texts only, never texts of documents:
-- what was found goes with its document, everything with its owner. See core/search/history and core/search/notebook.

CREATE TABLE {{tables.search_history}} (
    owner_id     text        NOT NULL REFERENCES {{tables.owners}} ON DELETE CASCADE,
    search_id    uuid        NOT NULL,
    query_text   text        NOT NULL,
    search_type  text        NOT NULL CHECK (search_type IN ('hybrid', 'vector', 'text')),
    -- Filters and options that were not as usual, as in the body of POST /v1/search.
    request      jsonb       NOT NULL,
    result_count integer     NOT NULL,
    took_ms      jsonb       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, search_id)
);
CREATE INDEX search_history_by_time ON {{tables.search_history}} (owner_id, created_at, search_id);

-- The first results. No reference to chunks: another chunking of the document replaces them.
CREATE TABLE {{tables.search_results}} (
    owner_id    text             NOT NULL,
    search_id   uuid             NOT NULL,
    chunk_id    uuid             NOT NULL,
    document_id uuid             NOT NULL,
    rank        integer          NOT NULL,
    score       double precision NOT NULL,
    chosen_at   timestamptz,
    -- 1 good, -1 bad.
    verdict     smallint         CHECK (verdict IN (1, -1)),
    PRIMARY KEY (owner_id, search_id, chunk_id),
    FOREIGN KEY (owner_id, search_id) REFERENCES {{tables.search_history}} ON DELETE CASCADE,
    FOREIGN KEY (owner_id, document_id) REFERENCES {{tables.documents}} ON DELETE CASCADE
);
CREATE INDEX search_results_by_document ON {{tables.search_results}} (owner_id, document_id);

-- The relevance notebook: what was judged, as test queries. It outlives the history.
CREATE TABLE {{tables.notebook_queries}} (
    owner_id   text        NOT NULL REFERENCES {{tables.owners}} ON DELETE CASCADE,
    query_id   uuid        NOT NULL,
    query_text text        NOT NULL,
    -- SHA-256 of the text: an index holds no long texts.
    query_hash text        NOT NULL,
    -- As in search_history, of the search that was judged first.
    request    jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, query_id),
    UNIQUE (owner_id, query_hash)
);

-- A stretch of a document's text, in UTF-16 offsets, the end exclusive; no passage, so that it holds for every chunking.
CREATE TABLE {{tables.notebook_judgements}} (
    owner_id    text        NOT NULL,
    query_id    uuid        NOT NULL,
    document_id uuid        NOT NULL,
    char_start  bigint      NOT NULL,
    char_end    bigint      NOT NULL,
    -- 1 good, 0 bad.
    grade       smallint    NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, query_id, document_id, char_start, char_end),
    FOREIGN KEY (owner_id, query_id) REFERENCES {{tables.notebook_queries}} ON DELETE CASCADE,
    FOREIGN KEY (owner_id, document_id) REFERENCES {{tables.documents}} ON DELETE CASCADE
);
CREATE INDEX notebook_judgements_by_document ON {{tables.notebook_judgements}} (owner_id, document_id);

CREATE TABLE {{tables.notebook_reports}} (
    owner_id   text        NOT NULL REFERENCES {{tables.owners}} ON DELETE CASCADE,
    report_id  uuid        NOT NULL,
    settings   jsonb       NOT NULL,
    figures    jsonb       NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (owner_id, report_id)
);

-- Searches under names.
CREATE TABLE {{tables.saved_searches}} (
    owner_id   text        NOT NULL REFERENCES {{tables.owners}} ON DELETE CASCADE,
    saved_id   uuid        NOT NULL,
    name       text        NOT NULL,
    -- The body of POST /v1/search without owner_id.
    request    jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, saved_id),
    UNIQUE (owner_id, name)
);

ALTER TABLE {{tables.search_history}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.search_history}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.search_history}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

ALTER TABLE {{tables.search_results}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.search_results}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.search_results}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

ALTER TABLE {{tables.notebook_queries}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.notebook_queries}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.notebook_queries}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

ALTER TABLE {{tables.notebook_judgements}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.notebook_judgements}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.notebook_judgements}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

ALTER TABLE {{tables.notebook_reports}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.notebook_reports}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.notebook_reports}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());

ALTER TABLE {{tables.saved_searches}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{tables.saved_searches}} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{tables.saved_searches}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner());
