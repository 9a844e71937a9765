# Sourced by the scripts beside it: where the project lies, how help and errors look, which build folder is whose.

camgate_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
camgate_cache=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/camgate

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# The comment at the top of a script is its help.
usage() {
    awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
}

usage_error() {
    echo "${0##*/}: $*" >&2
    usage >&2
    exit 2
}

wants_help() {
    case "${1:-}" in -h | --help) return 0 ;; *) return 1 ;; esac
}

# as_root COMMAND...: as it is for root, through sudo for others.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        die "needs root or sudo to run: $*"
    fi
}

# build_folder TARGET [SANITIZERS]
build_folder() {
    echo "$camgate_root/build/$1${2:+-${2//,/-}}"
}
