#!/usr/bin/env bash
# Configures and builds one preset, as far as that is needed: build.sh PRESET [TARGET…]
#
# Says nothing when there is nothing to do. Output goes to stderr.
set -euo pipefail
exec 1>&2

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${1:?usage: build.sh PRESET [TARGET…]}
shift
targets=("${@:-all}")
build=$root/build/$preset

say() { printf '%s\n' "$*"; }

if ! mkdir -p "$build" || [[ ! -w $build ]]; then
    say "llmemory: no right to write in $build. Was it built as another user? Delete it, or change its owner."
    exit 1
fi

# One build at a time; a second one then finds its work done.
exec 9>"$build/.lock"
flock --nonblock 9 || {
    say 'Waiting for another build of llmemory to end …'
    flock 9
}

# Ninja follows changes of CMakeLists.txt by itself, but not those of the presets, nor a moved source tree.
if [[ ! $build/build.ninja -nt $root/CMakePresets.json ]] ||
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
    say "Configuring llmemory ($preset) …"
    (cd "$root" && cmake --preset "$preset" --fresh --log-level=WARNING >/dev/null)
fi

# A compiler takes up to 1.5 GB here; more of them than fit into memory would only be slower.
jobs=$(awk -v cores="$(nproc)" '/^MemAvailable:/ { fit = int($2 / 1500000) }
    END { print fit < 1 ? 1 : fit < cores ? fit : cores }' /proc/meminfo)

pending=$(cmake --build "$build" --target "${targets[@]}" -- -n)
if [[ $pending != *'no work to do'* ]]; then
    say "Building llmemory ($preset); the first time takes some minutes …"
    quiet=()
    [[ -t 1 ]] || quiet=(--quiet)
    cmake --build "$build" --target "${targets[@]}" --parallel "$jobs" -- "${quiet[@]}"
fi
