#!/usr/bin/env bash
# usage: tests/image/image_test.sh [BOARD]
# Flashing on loop devices; then the board's image, made twice and compared unless $CAMGATE_IMAGE names one, from
# power-on in QEMU: two machines, of which one waits most of its hour for camgate-guard.
set -euo pipefail
. "$(dirname "$0")/../../scripts/lib/common.sh"
camgate_root=$(cd "$(dirname "$0")/../.." && pwd)
board=${1:-qemu-arm64}
"$camgate_root/scripts/setup" --image
"$camgate_root/scripts/build" host
"$camgate_root/tests/image/flash_test.sh"
image=${CAMGATE_IMAGE:-}
if [ -z "$image" ]; then
    image=$("$camgate_root/scripts/image" "$board" | tail -n 1)
    "$camgate_root/tests/image/reproducible_test.sh" "$board" "$image"
fi
run() { # NAME: what it prints, and in NAME.log the serial line
    python3 -u "$camgate_root/tests/image/$1_test.py" "$board" "$image" --log "$camgate_root/build/$1-test.log"
}
run stick >"$camgate_root/build/stick-test.txt" 2>&1 &
stick=$!
trap 'kill "$stick" 2>/dev/null || true' EXIT
run image
wait "$stick" || { cat "$camgate_root/build/stick-test.txt" >&2; die "the stick's machine did not hold"; }
cat "$camgate_root/build/stick-test.txt"
