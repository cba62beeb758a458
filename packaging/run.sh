#!/usr/bin/env bash
# From a fresh clone to the running program: run.sh [ARGUMENTS]
#
# Installs what is missing, builds what has changed, and starts llmemory with the given arguments: without any
# the window, or, where there is no display, the HTTP endpoint. Can be called from anywhere; file names in the
# arguments are relative to where it is called. Only the program writes to stdout.
set -euo pipefail

root=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." && pwd)

"$root/packaging/install-dependencies.sh" build
"$root/packaging/build.sh" release llmemory

exec "$root/build/release/app/llmemory" "$@"
