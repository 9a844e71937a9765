#!/usr/bin/env bash
# usage: tests/image/image_test.sh [BOARD]
# Flashing on loop devices; then the board's image, made twice and compared unless $CAMGATE_IMAGE names one, from
# power-on in QEMU.
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
exec python3 "$camgate_root/tests/image/image_test.py" "$board" "$image" --log "$camgate_root/build/image-test.log"
