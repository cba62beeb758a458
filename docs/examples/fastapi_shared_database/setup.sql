-- Once, as an administrator of the database, after `llmemory serve` has made its schema:
--
--     psql -d DATABASE -v service_schema=llmemory -f setup.sql
--
-- The application's role may read one table of llmemory's and write its own. Row-level security shows it the rows
-- of one owner at a time, in both. It must not be a superuser.
\set ON_ERROR_STOP on
BEGIN;

CREATE ROLE reading_list LOGIN NOSUPERUSER NOBYPASSRLS;
GRANT USAGE ON SCHEMA :"service_schema" TO reading_list;
GRANT SELECT ON :"service_schema".documents TO reading_list;

CREATE SCHEMA reading_list;
GRANT USAGE ON SCHEMA reading_list TO reading_list;

-- The owner of the current transaction, as in llmemory's schema; NULL where none was chosen.
CREATE FUNCTION reading_list.current_owner() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('llmemory.owner', true), '') $$;

CREATE TABLE reading_list.ratings (
    owner_id    text     NOT NULL DEFAULT reading_list.current_owner(),
    document_id uuid     NOT NULL,
    stars       smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    PRIMARY KEY (owner_id, document_id)
);
ALTER TABLE reading_list.ratings ENABLE ROW LEVEL SECURITY;
ALTER TABLE reading_list.ratings FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON reading_list.ratings USING (owner_id = reading_list.current_owner());
GRANT SELECT, INSERT, UPDATE, DELETE ON reading_list.ratings TO reading_list;

COMMIT;
