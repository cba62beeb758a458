#!/usr/bin/env bash
# How good and how fast searching is, as Markdown: evaluate.sh [DATASET…] [-- OPTIONS]
#
# Reads each collection (a folder in BEIR's layout, see docs/evaluation.md) and prints one table for all of them; with
# BENCH_CHUNKS also makes a corpus of so many passages and prints speed and recall on it.
# OPTIONS go to every run of the program: --data-dir D, --database-url URL, …
#   LLMEMORY       the program (build/release/app/llmemory, else the installed one)
#   OWNER_PREFIX   begin of the names of the tenants (eval)
#   BENCH_CHUNKS   passages of the made-up corpus; unset or 0 = no benchmark
#   BENCH_CLIENTS  searches at the same time (1,8)
set -euo pipefail

root=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." && pwd)
prefix=${OWNER_PREFIX:-eval}
chunks=${BENCH_CHUNKS:-0}

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

speed() {
    local report
    report=$("$program" bench search --json --owner-prefix "$prefix-bench" --chunks "$chunks" \
        --clients "${BENCH_CLIENTS:-1,8}" "$@")
    jq -r '"\(.passages) passages in \(.documents) documents of \(.owners) tenants, \(.largest_owner_passages) in the "
        + "largest; model \(.model).\n"' <<<"$report"
    table mode 'clients>' 'p50 ms>' 'p95 ms>' 'p99 ms>' 'p95 ms, largest>' 'queries/s>' 'embedding ms>' 'text ms>' \
        'vector ms>' 'fusion, reading ms>' 'statements>'
    jq -r "$functions"' .runs[] | [.mode, .clients, (.latency_ms | .p50, .p95, .p99 | fixed(1)),
        (.largest_owner_latency_ms.p95, .queries_per_second | fixed(1)),
        (.steps_ms | .embedding, .text, .vector, .fusion | fixed(2)), (.statement_share | . * 100 | round | tostring + " %")]
        | row' <<<"$report"
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
    recall "$@"
fi
