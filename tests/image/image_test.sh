#!/usr/bin/env bash
# usage: tests/image/image_test.sh [BOARD [image_test.py's options]]
# Flashing on loop devices; then the board's image, made twice and compared unless $CAMGATE_IMAGE names one, from
# power-on in QEMU: under a hub, and for qemu-arm64 a second machine that nobody enrolled, with a stick. One after the
# other: machines that share two cores starve, and then their watchdogs start them again.
set -euo pipefail
. "$(dirname "$0")/../../scripts/lib/common.sh"
camgate_root=$(cd "$(dirname "$0")/../.." && pwd)
board=${1:-qemu-arm64}
shift $(($# > 0 ? 1 : 0))
started=$SECONDS
"$camgate_root/scripts/setup" --image
"$camgate_root/scripts/build" host
"$camgate_root/tests/image/flash_test.sh"
image=${CAMGATE_IMAGE:-}
if [ -z "$image" ]; then
    image=$("$camgate_root/scripts/image" "$board" | tail -n 1)
    "$camgate_root/tests/image/reproducible_test.sh" "$board" "$image"
fi
run() { # NAME OPTION...: its serial line goes to NAME-test.log
    local name=$1
    shift
    python3 -u "$camgate_root/tests/image/${name}_test.py" "$board" "$image" --log "$camgate_root/build/$name-test.log" "$@"
}
if [ "$board" = qemu-arm64 ]; then
    run image "$@"
    run stick
else
    # A machine too slow for the times of an update.
    run image --brief "$@"
fi
echo "image: $board, all of it ($(((SECONDS - started) / 60)) min)"
