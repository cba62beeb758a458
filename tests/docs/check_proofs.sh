#!/usr/bin/env bash
# Whether every test that docs/integration.md names as a proof is there: check_proofs.sh PROJECT_DIRECTORY
set -euo pipefail
cd "${1:?usage: check_proofs.sh PROJECT_DIRECTORY}"

missing=0
proofs=0
program=
# The words in backquotes, behind the heading: tst_program::function, or further functions of the program before.
while read -r word; do
    case $word in
    tst_*::*)
        program=${word%%::*}
        function=${word##*::}
        ;;
    tst_*)
        program=$word
        function=
        ;;
    *)
        function=$word
        ;;
    esac
    [[ $program == tst_* && $function =~ ^[a-z0-9][A-Za-z0-9]*$|^$ ]] || continue
    sources=$(find tests -name "$program.cpp")
    [[ -n $sources ]] || sources=$(grep -rlE "\\b$program\\b" tests --include=CMakeLists.txt || true)
    proofs=$((proofs + 1))
    if [[ -z $sources ]] ||
        { [[ -n $function ]] && ! grep -rqE "::$function\\(" tests --include='*.cpp'; }; then
        printf 'docs/integration.md names %s, which is not there (%s)\n' "${function:-$program}" "$program"
        missing=1
    fi
done < <(sed -n '/^## Promises and their proofs/,$p' docs/integration.md | grep '^|' | cut -d '|' -f 3- |
    grep -o "\`[^\`]*\`" | tr -d "\`")

printf '%d proofs looked up\n' "$proofs"
((proofs > 100)) || missing=1
exit "$missing"
