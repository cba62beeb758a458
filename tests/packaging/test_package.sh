#!/usr/bin/env bash
# Installs the build, moves the installation, and uses it from there as other programs do:
#   test_package.sh BUILD_DIRECTORY SOURCE_DIRECTORY
#
# Environment: CXX, and where wanted CMAKE_CXX_COMPILER_LAUNCHER, CXXFLAGS, LDFLAGS; LLMEMORY_TEST_DATABASE (libpq
# string), a server on which schemas can be made.
set -euo pipefail

build=${1:?usage: test_package.sh BUILD_DIRECTORY SOURCE_DIRECTORY}
source=${2:?usage: test_package.sh BUILD_DIRECTORY SOURCE_DIRECTORY}
database=${LLMEMORY_TEST_DATABASE:?run the test with ctest}

work=$(mktemp -d /tmp/llmemory-package-XXXXXX)
# Run by root, the embedded server has an account of its own, which must get in.
chmod 0755 "$work"
data=$work/data

clean_up()
{
    # The server's supervisor holds this lock until it has stopped the server.
    [[ ! -e $data/cluster.lock ]] || flock --timeout 60 "$data/cluster.lock" true || true
    rm -rf "$work"
}
trap clean_up EXIT

step() { printf '\n== %s (%s s)\n' "$*" "$SECONDS"; }

fail()
{
    printf 'test_package.sh: %s\n' "$*" >&2
    exit 1
}

# Runs a command; its output must contain $1.
expect()
{
    local words=$1 output
    shift
    output=$("$@") || fail "exit code $?: $*"
    printf '%s\n' "$output"
    [[ $output == *"$words"* ]] || fail "no \"$words\" in what this said: $*"
}

# Runs a command, which must end with the exit code $1.
expect_exit()
{
    local expected=$1 code=0
    shift
    "$@" || code=$?
    ((code == expected)) || fail "exit code $code, not $expected: $*"
}

build_example()
{
    cmake -S "$source/docs/examples/$1" -B "$work/$1" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER:-}" || return
    cmake --build "$work/$1"
}

step 'Install'
cmake --install "$build" --prefix "$work/first" >"$work/install.log" || fail "$(cat "$work/install.log")"
# Nothing in it may depend on where it was installed to.
prefix=$work/moved
mv "$work/first" "$prefix"
! grep -rIl --include='*.cmake' --include='*.pc' --include='*.h' -e "$work" -e "$source" -e "$build" "$prefix" ||
    fail 'these name a directory of the build'
pkgconfig=$(dirname "$(find "$prefix" -name llmemory.pc)")

for example in standalone shared_pool testing; do
    step "Build the example $example"
    build_example "$example" >"$work/log" 2>&1 || fail "$(cat "$work/log")"
done

step 'Build with pkg-config alone'
export PKG_CONFIG_PATH=$pkgconfig
read -ra launcher <<<"${CMAKE_CXX_COMPILER_LAUNCHER:-}"
read -ra flags <<<"-std=c++20 -fPIC ${CXXFLAGS:-}"
read -ra package_cflags <<<"$(pkg-config --cflags llmemory)"
read -ra package_libs <<<"$(pkg-config --libs --static llmemory)"
read -ra linker_flags <<<"${LDFLAGS:-}"
"${launcher[@]}" "$CXX" "${flags[@]}" "${package_cflags[@]}" -c "$source/docs/examples/standalone/main.cpp" \
    -o "$work/main.o"
"$CXX" "${flags[@]}" "$work/main.o" "${linker_flags[@]}" "${package_libs[@]}" -o "$work/find_in_file"

step 'Every public header, as strict as programs may be'
find "$prefix/include/llmemory" -maxdepth 1 -name '*.h' -printf '#include <llmemory/%f>\n' | sort >"$work/headers.cpp"
read -ra test_cflags <<<"$(pkg-config --cflags Qt6Test)"
"$CXX" "${flags[@]}" -fsyntax-only -Wall -Wextra -Wpedantic -Werror -DQT_NO_KEYWORDS -DQT_NO_CAST_FROM_ASCII \
    -DQT_NO_CAST_TO_ASCII -DQT_NO_CAST_FROM_BYTEARRAY "${package_cflags[@]/#-I\/usr/-isystem/usr}" "${test_cflags[@]/#-I\/usr/-isystem/usr}" \
    "$work/headers.cpp"

# The user's own settings, data and databases are out of reach from here.
bindir=${LLMEMORY_PG_BINDIR:-}
unset -v "${!LLMEMORY_@}" "${!AWORD_@}" "${!PG@}" "${!XDG_@}" DATABASE_URL OPENAI_API_KEY
[[ -z $bindir ]] || export LLMEMORY_PG_BINDIR=$bindir
export HOME=$work/home LLMEMORY_CLUSTER_GRACE_MS=200
mkdir "$HOME"

step 'A given database'
printf 'A kingfisher dives from the willow branch into the clear brook.\n' >"$work/bird.txt"
printf 'The heron waits beside the weir.\n' >"$work/heron.txt"
export LLMEMORY_SCHEMA="Package's test $$"
# Not a word of the library's own, not even in a schema that has to be made first.
output=$(DATABASE_URL=$database "$work/find_in_file" "$work/bird.txt" kingfisher 2>&1) ||
    fail "exit code $?: $output"
printf '%s\n' "$output"
[[ $output == 'bird.txt: added'* ]] || fail 'more than the program itself says'
DATABASE_URL=$database expect 'heron waits' \
    "$work/standalone/find_in_file" "$work/heron.txt" 'who waits beside the weir'
DATABASE_URL=$database expect 'bird.txt: unchanged' \
    "$work/standalone/find_in_file" "$work/bird.txt" kingfisher
DATABASE_URL='host=/nonexistent dbname=x' expect_exit 3 \
    "$work/standalone/find_in_file" "$work/bird.txt" kingfisher
expect_exit 2 "$work/standalone/find_in_file"
unset LLMEMORY_SCHEMA

step 'The embedded database'
export LLMEMORY_DATA_DIR=$data
PATH=$prefix/bin:$PATH expect 'heron waits' \
    "$work/standalone/find_in_file" "$work/heron.txt" 'who waits beside the weir'
PATH=$prefix/bin:$PATH expect 'heron.txt: unchanged' \
    "$work/standalone/find_in_file" "$work/heron.txt" 'who waits beside the weir'
unset LLMEMORY_DATA_DIR

step 'One pool, three schemas'
first=$(DATABASE_URL=$database expect 'tickets: ' "$work/shared_pool/helpdesk")
second=$(DATABASE_URL=$database expect 'tickets: ' "$work/shared_pool/helpdesk")
printf '%s\n' "$second"
((${second##*tickets: } == ${first##*tickets: } + 1)) || fail 'the ticket of the first run is gone'
expect_exit 2 "$work/shared_pool/helpdesk"

step 'The test project, on a server of its own'
ctest --test-dir "$work/testing" --output-on-failure --no-tests=error
step 'Done'
