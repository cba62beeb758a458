#!/usr/bin/env bash
# Makes the built-in embedding model anew from its sources: rebuild.sh WORKDIR [FOLDER OF FURTHER PAIRS...]
#
# Collects pairs from Debian's packages (SOURCES.md), holds some back, trains the vocabulary and the table, writes
# resources/embedding/ and prints the figures of its README. The pairs beside Debian's are files NAME.LANGUAGE.tsv.gz
# of two columns, query and passage; the model of the tree was made with those that its README names.
# On two cores about 25 minutes for the pairs and an hour for the rest; 8 GB of memory, 10 GB of disk.
# COLLECTIONS: folder of retrieval collections to judge with, in BEIR's layout.
set -euo pipefail

if [[ $# -lt 1 ]]; then
    echo "usage: $0 WORKDIR [FOLDER OF FURTHER PAIRS...]" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "$1"
work=$(cd "$1" && pwd)
shift
python=/usr/bin/python3 # Debian's, which has its packages

missing=()
for package in python3-lxml python3-numpy python3-sentencepiece python3-torch; do
    dpkg -s "$package" > /dev/null 2>&1 || missing+=("$package")
done
if [[ ${#missing[@]} -gt 0 ]]; then
    echo "Installing ${missing[*]}"
    apt-get install -y --no-install-recommends "${missing[@]}"
fi

"$here/collect_debian.sh" "$work"
folders=(--pairs "$work/pairs")
for folder in "$@"; do
    folders+=(--pairs "$folder")
done
"$python" "$here/prepare.py" "${folders[@]}" --work "$work/prepared"
"$python" "$here/train.py" --work "$work/prepared" --out "$work/round-1.npz"
"$python" "$here/train.py" --work "$work/prepared" --out "$work/round-2.npz" --start "$work/round-1.npz" \
    --steps 4000 --rate 0.005 --temperature 0.065 --dropout 0.15
"$python" "$here/export.py" --table "$work/round-1.npz" --table "$work/round-2.npz" --tokenizer "$work/prepared/tokenizer.json" \
    --out "$root/resources/embedding"

"$root/packaging/build.sh" release embed_texts bench_static_embedder
"$python" "$here/figures.py" --programs "$root/build/release/tests/bench" \
    --model "$root/resources/embedding" --work "$work/prepared" ${COLLECTIONS:+--collections "$COLLECTIONS"}
