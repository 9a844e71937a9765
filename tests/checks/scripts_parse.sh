#!/usr/bin/env bash
# Every shell script of the project parses, and every one that people run explains itself.
set -euo pipefail
cd "$(dirname "$0")/../.."

status=0
while IFS= read -r script; do
    head -n 1 "$script" | grep -qE '^#!.*\b(ba)?sh$|^# ' || continue
    bash -n "$script" || status=1
done < <(find scripts .ci tests -type f \( -path 'scripts/*' -o -path '.ci/*' -o -name '*.sh' \) ! -name '*.py' | sort)

for script in scripts/*; do
    [ -f "$script" ] || continue
    [ -x "$script" ] || { echo "$script is not executable"; status=1; }
    # Read whole: a script that is cut short while it writes fails.
    help=$(timeout 10 "$script" --help </dev/null) || help=
    grep -q "usage: $script" <<<"$help" || { echo "$script --help does not say how it is used"; status=1; }
done
exit "$status"
