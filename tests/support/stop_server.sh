#!/usr/bin/env bash
# Stops the PostgreSQL of a test run and deletes its directory: stop_server.sh DIRECTORY
#
# Does nothing when there is none. The server is found by its working directory, which is right after a kill
# as well, when the file with its process id is gone or names another process.
set -euo pipefail

directory=${1:?usage: stop_server.sh DIRECTORY}

server_processes()
{
    find /proc -mindepth 2 -maxdepth 2 -path '/proc/[0-9]*/cwd' -lname "$directory/data*" -printf '%h\n' 2>/dev/null |
        sed 's:^/proc/::'
}

# Sends a signal until nothing is left; false when something is, after this many tenths of a second.
signal_all()
{
    local signal=$1 tries=$2 pids
    for ((; tries > 0; tries--)); do
        pids=$(server_processes) || true
        [[ -n $pids ]] || return 0
        # shellcheck disable=SC2086 # one word per process
        kill "-$signal" $pids 2>/dev/null || true
        sleep 0.1
    done
    return 1
}

# The data is thrown away, so an immediate shutdown is enough.
signal_all QUIT 100 || signal_all KILL 100 || {
    printf 'stop_server.sh: the server in %s does not end\n' "$directory" >&2
    exit 1
}

if [[ -d $directory && ! -L $directory ]]; then
    rm -rf -- "$directory"
fi
