# Sourced: how this machine's apt reaches Debian, for what mmdebstrap makes from the same mirror.

suite=bookworm

# Debian's own sources of this machine's apt, whatever their mirror and however they are written, as lines of
# sources.list; third parties' are left out.
host_sources() {
    apt-get indextargets 'Identifier: Packages' 'Origin: Debian' --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' |
        grep -E " $suite(-updates|-security)? " | sort -u |
        sed 's|^|deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |'
}

write_host_sources() {
    host_sources >"$1" && return
    # Who made a source is known from its lists alone.
    as_root apt-get -q -o DPkg::Lock::Timeout=600 update </dev/null >&2
    host_sources >"$1" || die "this machine's apt has no source of Debian $suite"
}

# A proxy that is set for this machine's apt counts for the sysroot's too.
proxy_options() {
    local scheme proxy
    for scheme in http https; do
        eval "$(apt-config shell proxy "Acquire::$scheme::Proxy")"
        [ -z "${proxy:-}" ] || printf -- '--aptopt=Acquire::%s::Proxy "%s"\n' "$scheme" "$proxy"
        proxy=
    done
}
