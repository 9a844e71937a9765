#!/usr/bin/env bash
# usage: tests/package/package_test.sh
# Makes the packages of this machine's architecture and lets in_root.sh try them in a plain Debian root.
set -euo pipefail
. "$(dirname "$0")/../../scripts/lib/common.sh"
camgate_root=$(cd "$(dirname "$0")/../.." && pwd)
. "$camgate_root/scripts/lib/apt.sh"

"$camgate_root/scripts/setup" --cross
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$camgate_root/scripts/package" --out "$work/debs"
cp "$(dirname "$0")/in_root.sh" "$work/debs/"
write_host_sources "$work/sources"
mapfile -t proxies < <(proxy_options)
mmdebstrap --quiet --variant=apt --format=null "${proxies[@]}" \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
    --customize-hook="copy-in $work/debs /" --customize-hook='chroot "$1" /debs/in_root.sh' \
    "$suite" - "$work/sources"
echo "package: installed, ran, removed and purged"
