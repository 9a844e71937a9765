#!/usr/bin/env bash
# usage: tests/image/reproducible_test.sh BOARD IMAGE.img.zst
# The image is made once more of the same commit: its root file system has to be the same to the byte. Shows which files
# differ.
set -euo pipefail
. "$(dirname "$0")/../../scripts/lib/common.sh"
camgate_root=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -eq 2 ] || usage_error "a board and an image are needed"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

again=$("$camgate_root/scripts/image" "$1" --out "$work/again" | tail -n 1)
here=$camgate_root/tests/image
"$here/root-of" "$2" "$work/first.ext4"
"$here/root-of" "$again" "$work/second.ext4"
if cmp -s "$work/first.ext4" "$work/second.ext4"; then
    echo "image: made twice, the root file system is the same: $(sha256sum <"$work/first.ext4" | cut -c1-64)"
    exit
fi
for which in first second; do
    mkdir -p "$work/$which"
    debugfs -R "rdump / $work/$which" "$work/$which.ext4" 2>/dev/null || true
done
diff -rq --no-dereference "$work/first" "$work/second" | head -20 >&2 || true
die "two images of one commit have different root file systems"
