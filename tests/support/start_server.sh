#!/usr/bin/env bash
# Starts the PostgreSQL of one test run: start_server.sh DIRECTORY [STATEMENT_LOG]
#
# The directory holds everything: the data, the log and the unix socket. Only its owner and root get in, so
# the server trusts whoever reaches the socket. Nothing listens on the network and nothing is synced: the data
# lasts as long as the run. The roles and the database are those of the program's own server. STATEMENT_LOG is
# emptied: what earlier runs captured there may be of other sources.
set -euo pipefail

directory=${1:?usage: start_server.sh DIRECTORY [STATEMENT_LOG]}
statement_log=${2:-}
data=$directory/data
log=$directory/initdb.log

fail()
{
    printf 'start_server.sh: %s\n' "$*" >&2
    [[ ! -s $log ]] || tail -n 30 "$log" >&2
    exit 1
}

# The newest PostgreSQL that has pgvector.
find_binaries()
{
    local candidate
    while read -r candidate; do
        if [[ -e $("$candidate/pg_config" --sharedir 2>/dev/null)/extension/vector.control ]]; then
            printf '%s\n' "$candidate"
            return
        fi
    done < <(printf '%s\n' ${LLMEMORY_PG_BINDIR:+"$LLMEMORY_PG_BINDIR"}
        printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse)
    return 1
}

# PostgreSQL refuses to run as root.
as_server_account()
{
    if ((EUID == 0)); then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

bin=$(find_binaries) || fail 'no PostgreSQL with pgvector found; packaging/install-dependencies.sh installs both'

# What a killed run left behind.
"$(dirname "${BASH_SOURCE[0]}")/stop_server.sh" "$directory"

[[ ! -d $statement_log ]] || find "$statement_log" -name '*.jsonl' -delete

# mkdir fails when somebody else made the directory: its owner could replace the socket.
mkdir -m 0700 "$directory"
((EUID != 0)) || chown postgres: "$directory"
cd "$directory"

as_server_account "$bin/initdb" --pgdata="$data" --username=llmemory_admin --auth=trust --encoding=UTF8 \
    --no-locale --no-sync >"$log" 2>&1 || fail 'initdb failed'

# Shared memory in files: a container's /dev/shm of 64 MB is too small for parallel index builds.
cat >>"$data/postgresql.conf" <<EOF
listen_addresses = ''
unix_socket_directories = '$directory'
unix_socket_permissions = 0700
port = 5432
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
dynamic_shared_memory_type = mmap
jit = off
EOF

log=$directory/server.log
as_server_account "$bin/pg_ctl" start --pgdata="$data" --log="$log" --wait --timeout=60 --silent \
    || fail 'PostgreSQL does not start'

sql()
{
    PGOPTIONS='' "$bin/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$directory" --port=5432 \
        --username=llmemory_admin --dbname="$1"
}

sql postgres <<'EOF'
CREATE ROLE llmemory_owner NOLOGIN;
CREATE ROLE llmemory_app LOGIN NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE llmemory_test OWNER llmemory_owner;
-- Tests make schemas of their own, as on a server that a user gave.
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE llmemory_test TO llmemory_app;
EOF

# Leakproof: so that row security does not keep these operators from their indexes, as in the program's server.
sql llmemory_test <<'EOF'
CREATE EXTENSION vector;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF;
ALTER FUNCTION pg_catalog.jsonb_contains(jsonb, jsonb) LEAKPROOF;
EOF
