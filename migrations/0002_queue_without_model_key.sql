-- A foreign key from a tenant's rows to a table without tenants does not begin with owner_id, and kept the
-- schema from being distributed by it. Jobs are made by the program from the registry's own row, and taken
-- by the name of their model: one of a model that is gone is never taken.
ALTER TABLE {{tables.embedding_queue}} DROP CONSTRAINT embedding_queue_provider_id_fkey;
