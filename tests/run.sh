#!/usr/bin/env bash
# Installs what is missing, builds what has changed, and runs the tests: run.sh [--asan|--tsan] [CTEST ARGUMENTS]
#
#   --asan   with the address and undefined-behaviour sanitizers
#   --tsan   with the thread sanitizer, and only the tests of the connection pool and of those who share it
#
# Examples: run.sh -R tst_fusion    run.sh -L db    run.sh --asan -j 1    run.sh --tsan --repeat until-fail:20
set -euo pipefail

root=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." && pwd)

preset=dev
targets=()
only=()
launcher=()
case ${1:-} in
    --asan)
        preset=asan
        shift
        ;;
    --tsan)
        preset=tsan
        shift
        targets=(tst_connection_pool tst_shared_pool)
        only=(--tests-regex "^($(IFS='|' && printf '%s' "${targets[*]}"))\$")
        # Where a kernel scatters addresses widely, this sanitizer may find its own taken, and gives up.
        if setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null; then
            launcher=(setarch "$(uname -m)" --addr-no-randomize)
        fi
        ;;
esac

"$root/packaging/install-dependencies.sh" test
"$root/packaging/build.sh" "$preset" "${targets[@]}"

exec "${launcher[@]}" ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error \
    --parallel "$(nproc)" "${only[@]}" "$@"
