#!/usr/bin/env bash
# How good and how fast searching is, as Markdown: evaluate.sh [DATASET…] [-- OPTIONS]
#
# Reads each collection (a folder in BEIR's layout, see docs/evaluation.md) and prints one table for all of them; with
# BENCH_CHUNKS also makes a corpus of so many passages and prints speed and recall on it; with --database-url among the
# options also what an endpoint adds, and what the statements alone take (pgbench).
# OPTIONS go to every run of the program: --data-dir D, --database-url URL, …
#   LLMEMORY       the program (build/release/app/llmemory, else the installed one)
#   OWNER_PREFIX   begin of the names of the tenants (eval)
#   BENCH_CHUNKS   passages of the made-up corpus; unset or 0 = no benchmark
#   BENCH_CLIENTS  searches at the same time (1,8)
set -euo pipefail

root=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." && pwd)
prefix=${OWNER_PREFIX:-eval}
chunks=${BENCH_CHUNKS:-0}
clients=${BENCH_CLIENTS:-1,8}

fail() {
    printf 'evaluate.sh: %s\n' "$*" >&2
    exit 2
}

datasets=()
while (($#)) && [[ $1 != -- ]]; do
    datasets+=(--dataset "$1")
    shift
done
if (($#)); then shift; fi
[[ ${#datasets[@]} -gt 0 || $chunks != 0 ]] || fail 'usage: evaluate.sh [DATASET…] [-- OPTIONS], or BENCH_CHUNKS=N'
command -v jq >/dev/null || fail 'jq is missing; install the package "jq".'

program=${LLMEMORY:-$root/build/release/app/llmemory}
[[ -x $program ]] || program=$(command -v llmemory) ||
    fail 'there is no llmemory. Build it (packaging/build.sh release llmemory), or set LLMEMORY.'

# Numbers with a fixed count of digits, and rows of a table.
functions='def fixed(digits): (. * pow(10; digits) | round | tostring)
        | ("0" * ([digits + 1 - length, 0] | max) // "") + . | .[:-digits] + "." + .[-digits:];
    def percent(digits): . * 100 | fixed(digits) + " %";
    def row: "| " + (map(tostring) | join(" | ")) + " |";'

table() { # HEADER COLUMN…, the numbers to the right where the name ends with ">"
    local line='|' rule='|' column
    for column; do
        line+=" ${column%>} |"
        if [[ $column == *'>' ]]; then rule+=' --: |'; else rule+=' --- |'; fi
    done
    printf '%s\n' "$line" "$rule"
}

database_url() { # OPTION… of the program
    while (($# > 1)) && [[ $1 != --database-url ]]; do shift; done
    if (($# > 1)); then printf '%s' "$2"; else printf '%s' "${DATABASE_URL:-}"; fi
}

quality() {
    local reports
    reports=$("$program" eval --json --owner-prefix "$prefix" "${datasets[@]}" "$@")
    table collection 'documents>' 'queries>' mode 'nDCG@10>' 'Recall@100>' 'MRR@10>' 'p50 ms>' 'p95 ms>' 'p99 ms>'
    jq -r "$functions"' . as $report | .modes | to_entries | sort_by({text: 0, vector: 1, hybrid: 2}[.key])[]
        | [$report.dataset, $report.documents, $report.queries, .key,
           (.value.ndcg_at_10, .value.recall_at_100, .value.mrr_at_10 | fixed(4)),
           (.value.latency_ms | .p50, .p95, .p99 | fixed(1))] | row' <<<"$reports"
    jq -rs '"\nModel \(map(.model) | unique | join(", ")); \(.[0].settings | to_entries
        | map("\(.key) \(.value)") | join(", "))."' <<<"$reports"
}

speed() { # OPTION… of "bench search"
    local report
    report=$("$program" bench search --json --owner-prefix "$prefix-bench" --chunks "$chunks" \
        --clients "$clients" "$@")
    jq -r '"\(.passages) passages in \(.documents) documents of \(.owners) tenants, \(.largest_owner_passages) in the "
        + "largest; model \(.model).\n"' <<<"$report"
    table mode 'clients>' 'p50 ms>' 'p95 ms>' 'p99 ms>' 'p95 ms, largest>' 'queries/s>' 'embedding ms>' 'text ms>' \
        'vector ms>' 'fusion, reading ms>' 'statements>'
    jq -r "$functions"' .runs[] | [.mode, .clients, (.latency_ms | .p50, .p95, .p99 | fixed(1)),
        (.largest_owner_latency_ms.p95, .queries_per_second | fixed(1)),
        (.steps_ms | .embedding, .text, .vector, .fusion | fixed(2)), (.statement_share | . * 100 | round | tostring + " %")]
        | row' <<<"$report"
}

# The searches' statements without the program, from the scripts in a folder: latency of one client, throughput of each
# number of clients.
statements() { # FOLDER URL
    local pgbench script count
    pgbench=$(command -v pgbench || find /usr/lib/postgresql -name pgbench 2>/dev/null | sort -V | tail -n 1)
    [[ -n $pgbench ]] || fail 'pgbench is missing; install the package "postgresql".'
    local scripts=()
    for script in "$1"/*.sql; do scripts+=(--file "$script"); done
    run_pgbench() { "$pgbench" --no-vacuum "${scripts[@]}" "$@" 2>&1; }
    # A connection's first searches map the pages that they touch; the program's are old by then, too.
    run_pgbench --client 1 --transactions 600 --log --log-prefix "$1/latency" "$2" >"$1/output" ||
        fail "pgbench: $(<"$1/output")"
    awk 'NR > 300 { print $3 / 1000 }' "$1"/latency.* | sort -n | awk '{ value[NR] = $1 } END {
        printf "pgbench, hybrid statements: p50 %.1f ms, p95 %.1f ms", value[int(NR * 0.5)], value[int(NR * 0.95)] }'
    for count in ${clients//,/ }; do
        run_pgbench --client "$count" --jobs "$(nproc)" --time 15 "$2" >"$1/output" ||
            fail "pgbench: $(<"$1/output")"
        awk -v count="$count" '/^tps/ { printf ", clients %d: %.1f searches/s", count, $3 }' "$1/output"
    done
    printf '\n'
}

# What a program that serves the database adds: the same searches over HTTP.
over_http() { # OPTION… of the program
    local url
    coproc server { exec "$program" serve --port 0 --no-auth "$@"; }
    # shellcheck disable=SC2154  # coproc sets it, and forgets it when the program ends
    served=$server_PID
    trap 'kill "$served" 2>/dev/null || true' EXIT
    read -r url <&"${server[0]}"
    url=$(jq -r .url <<<"$url")
    printf 'Over HTTP:\n\n'
    # A server process maps each page that it touches first: all of them have seen such searches before they count, as
    # pgbench's have.
    speed --endpoint "$url" --modes hybrid "$@" >/dev/null
    speed --endpoint "$url" --pgbench "$work/scripts" "$@"
    printf '\n'
    kill "$served"
    wait "$served" || true
    trap - EXIT
}

recall() {
    local report
    report=$("$program" bench recall --json --owner-prefix "$prefix-bench" "$@")
    table 'passages>' 'share>' filter 'Recall@10>' 'worst query>' 'short answers>' 'p50 ms>' 'p95 ms>' 'exact p50 ms>'
    jq -r "$functions"' .owners[] | [.passages, (.share | percent(1)), (if .filtered then "5 %" else "none" end),
        (.recall_at_10 | fixed(4)), (.worst_recall_at_10 | fixed(1)), .short_answers,
        (.search_ms | .p50, .p95 | fixed(1)), (.exact_ms.p50 | fixed(1))] | row' <<<"$report"
}

if ((${#datasets[@]})); then
    quality "$@"
fi
if [[ $chunks != 0 ]]; then
    if ((${#datasets[@]})); then printf '\n'; fi
    speed "$@"
    printf '\n'
    url=$(database_url "$@")
    if [[ -n $url ]]; then
        work=$(mktemp -d)
        over_http "$@"
        statements "$work/scripts" "$url"
        printf '\n'
        rm -rf "$work"
    fi
    recall "$@"
fi
