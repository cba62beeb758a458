#!/usr/bin/env bash
# How good searching is, as Markdown: evaluate.sh DATASET… [-- OPTIONS]
#
# Reads each collection (a folder in BEIR's layout, see docs/evaluation.md) and prints one table for all of them.
# OPTIONS go to every run of the program: --data-dir D, --alpha 0.3, --rerank, …
#   LLMEMORY       the program (build/release/app/llmemory, else the installed one)
#   OWNER_PREFIX   begin of the names of the tenants (eval)
set -euo pipefail

root=$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." && pwd)

fail() {
    printf 'evaluate.sh: %s\n' "$*" >&2
    exit 2
}

datasets=()
while (($#)) && [[ $1 != -- ]]; do
    datasets+=(--dataset "$1")
    shift
done
(($#)) && shift
((${#datasets[@]})) || fail 'usage: evaluate.sh DATASET… [-- OPTIONS]'
command -v jq >/dev/null || fail 'jq is missing; install the package "jq".'

program=${LLMEMORY:-$root/build/release/app/llmemory}
[[ -x $program ]] || program=$(command -v llmemory) ||
    fail 'there is no llmemory. Build it (packaging/build.sh release llmemory), or set LLMEMORY.'

reports=$("$program" eval --json --owner-prefix "${OWNER_PREFIX:-eval}" "${datasets[@]}" "$@")

printf '%s\n' '| collection | documents | queries | mode | nDCG@10 | Recall@100 | MRR@10 | p50 ms | p95 ms | p99 ms |' \
    '| --- | --: | --: | --- | --: | --: | --: | --: | --: | --: |'
jq -r 'def fixed(digits): (. * pow(10; digits) | round | tostring) as $all
        | ("0" * ([digits + 1 - ($all | length), 0] | max) // "") + $all
        | .[:-digits] + "." + .[-digits:];
    . as $report | .modes | to_entries | sort_by({text: 0, vector: 1, hybrid: 2}[.key])[]
    | [$report.dataset, $report.documents, $report.queries, .key,
       (.value.ndcg_at_10 | fixed(4)), (.value.recall_at_100 | fixed(4)), (.value.mrr_at_10 | fixed(4)),
       (.value.latency_ms | .p50, .p95, .p99 | fixed(1))]
    | "| " + (map(tostring) | join(" | ")) + " |"' <<<"$reports"
jq -rs '"\nModel \(map(.model) | unique | join(", ")); \(.[0].settings | to_entries
    | map("\(.key) \(.value)") | join(", "))."' <<<"$reports"
