#!/usr/bin/env bash
# usage: tests/image/flash_test.sh
# scripts/flash against cards on loop devices: what it refuses stays as it was, what it writes reads back.
set -euo pipefail
. "$(dirname "$0")/../../scripts/lib/common.sh"
camgate_root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
card=
leave() {
    umount "$work/mount" 2>/dev/null || true
    [ -z "$card" ] || losetup --detach "$card"
    rm -rf "$work"
}
trap leave EXIT

fail() { die "$*"; }
new_card() { # SIZE
    [ -z "$card" ] || losetup --detach "$card"
    rm -f "$work/card"
    truncate -s "$1" "$work/card"
    card=$(losetup --find --show "$work/card")
}
flash() { "$camgate_root/scripts/flash" "$@" >"$work/out" 2>&1; }
refuses() { # WHY ARGUMENT...
    local why=$1
    shift
    ! flash "$@" || fail "was not refused: $why"
    grep -q "$why" "$work/out" || fail "no '$why' in: $(cat "$work/out")"
}

# Data, a hole, data: the hole is not written.
truncate -s 24M "$work/x.img"
dd if=/dev/urandom of="$work/x.img" bs=1M count=3 conv=notrunc status=none
dd if=/dev/urandom of="$work/x.img" bs=1M count=2 seek=20 conv=notrunc status=none
bmaptool --quiet create --output "$work/x.img.bmap" "$work/x.img"
zstd -q "$work/x.img" -o "$work/x.img.zst"
(cd "$work" && sha256sum x.img.zst x.img.bmap >x.sha256)

new_card 32M
flash "$work/x.img.zst" "$card" --yes || fail "was not written: $(cat "$work/out")"
cmp --bytes=$((24 << 20)) "$work/x.img" "$card" || fail "the card differs from the image"
refuses "nothing was written" "$work/x.img.zst" "$card" </dev/null

printf 'x' | dd of="$card" bs=1 seek=$((21 << 20)) conv=notrunc status=none
"$camgate_root/scripts/lib/image/compare" "$work/x.img.zst" "$card" "$work/x.img.bmap" 2>"$work/out" &&
    fail "a card that gives back something else was not found"
grep -q 'differ' "$work/out" || fail "no place named: $(cat "$work/out")"

mkfs.ext4 -q "$card"
mkdir "$work/mount"
mount "$card" "$work/mount"
refuses "is mounted at" "$work/x.img.zst" "$card" --yes
umount "$work/mount"
refuses "is no disk" "$work/x.img.zst" "$work/card" --yes
refuses "expected NAME.img.zst" "$work/x.img" "$card" --yes
new_card 16M
refuses "the image needs 24 MiB" "$work/x.img.zst" "$card" --yes
new_card 32M
printf 'x' | dd of="$work/x.img.zst" bs=1 seek=1000 conv=notrunc status=none
refuses "is damaged" "$work/x.img.zst" "$card" --yes
cmp -s --bytes=4096 /dev/zero "$card" || fail "a refused image left something on the card"
echo "flash: writes, verifies, refuses"
