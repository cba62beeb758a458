#!/usr/bin/env bash
# Installs what is missing, builds what has changed, and runs the tests: run.sh [--asan] [CTEST ARGUMENTS]
#
#   --asan   with the address and undefined-behaviour sanitizers
#
# Examples: run.sh -R tst_fusion    run.sh -L db    run.sh --asan -j 1
set -euo pipefail

root=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." && pwd)

preset=dev
if [[ ${1:-} == --asan ]]; then
    preset=asan
    shift
fi

"$root/packaging/install-dependencies.sh" test
"$root/packaging/build.sh" "$preset"

exec ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error --parallel "$(nproc)" "$@"
