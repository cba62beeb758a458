#!/usr/bin/env bash
# Installs what llmemory needs and this machine lacks: install-dependencies.sh [run|build|test|check]
#
#   run    PostgreSQL, pgvector, Qt's PostgreSQL driver
#   build  also the compiler and the libraries (the default)
#   test   also a virtual screen and what drives it, a connection pooler, and what docs/examples use
#   check  also what .ci/run looks at the sources with
#
# For Debian 12 and newer, Ubuntu 24.04 and newer. Works as root, or with sudo. When nothing is missing it
# says nothing, changes nothing and needs neither. Messages go to stderr.
set -euo pipefail
exec 1>&2

# The oldest PostgreSQL that the program works with.
readonly postgresql_minimum=14

# 0.8.4 is the first pgvector without known faults in its HNSW index; an older one is not installed.
readonly pgvector_minimum=0.8.4
readonly pgvector_release=0.8.6
# The release as Debian keeps it, and every file of it: hosts pack the same files into different archives.
readonly pgvector_archive_sha256=25c9b78cfdaa43c66788d7490246ac24e4fe1c86f19c4b60c089b723f84a4a0d
readonly pgvector_files_sha256=b669ffedc5ccb50a1cbd17532160df022b10af7274162d45577bb05d4e1d2dc1

# Where the name differs between releases: name|other name.
readonly run_packages=(libqt6sql6-psql)
readonly build_packages=(
    ca-certificates ccache cmake g++ ninja-build pkg-config
    libasio-dev libcld2-dev libcurl4-openssl-dev libexpected-dev libgl-dev libgumbo-dev libicu-dev
    libmd4c-dev libpq-dev librestinio-dev libspdlog-dev libuchardet-dev libzip-dev nlohmann-json3-dev
    qt6-base-dev qt6-l10n-tools qt6-pdf-dev qt6-qpa-plugins 'qt6-svg-dev|libqt6svg6-dev'
    qt6-tools-dev qt6-tools-dev-tools)
readonly test_packages=(
    fonts-dejavu-core pgbouncer xauth xdotool xvfb
    python3-asyncpg python3-django python3-fastapi python3-flask python3-multipart python3-uvicorn)
readonly check_packages=(clang-format-14 git shellcheck)

say() { printf '%s\n' "$*"; }

fail()
{
    printf 'llmemory: %s\n' "$@"
    exit 1
}

may_install() { ((EUID == 0)) || command -v sudo >/dev/null; }

as_root()
{
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# True when version $1 is at least $2.
at_least() { dpkg --compare-versions "$1" ge "$2"; }

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Of the given packages, with their other names, those that are not installed; one per line.
missing_of()
{
    local installed names package
    IFS='|' read -ra names <<<"$(IFS='|' && say "$*")"
    installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "${names[@]}" 2>/dev/null || true)"
    for package in "$@"; do
        [[ $installed == *" installed=${package%|*} "* || $installed == *" installed=${package#*|} "* ]] ||
            say "$package"
    done
}

# The major version of the newest PostgreSQL server here; nothing when there is none that is new enough.
server_major()
{
    local newest
    newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort --version-sort | tail -n 1)
    [[ -x $newest ]] || return 0
    newest=${newest#/usr/lib/postgresql/}
    newest=${newest%%/*}
    ((newest < postgresql_minimum)) || say "$newest"
}

# The version of pgvector in a server's extension directory $1; nothing when it is not there.
pgvector_version()
{
    sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$1/vector.control" 2>/dev/null || true
}

package_lists_are_new=no
refresh_package_lists()
{
    [[ $package_lists_are_new == no ]] || return 0
    say 'Asking for the current package lists …'
    as_root apt-get update -qq -o DPkg::Lock::Timeout=300 ||
        say 'Not all of them came; going on with those that are here.'
    package_lists_are_new=yes
}

# The name of a package in this release, given as name or name|other name.
name_here()
{
    if [[ $1 == *'|'* && -n $(candidate_of "${1%|*}") ]]; then
        say "${1%|*}"
    else
        say "${1#*|}"
    fi
}

install_packages()
{
    local package names=()
    if ! may_install; then
        fail 'packages are missing, and installing them takes root or sudo: there is neither.' \
            'Ask an administrator to run this once, then start again:' \
            "    $(realpath "$0")" \
            "or to install: ${*//|*/}"
    fi
    refresh_package_lists
    for package in "$@"; do
        names+=("$(name_here "$package")")
    done
    say "Installing ${names[*]} …"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${names[@]}" ||
        fail 'the packages could not be installed; the reason stands above.'
}

# Debian's package starts a server for the whole machine as soon as it is installed. Nobody asked for one: the
# program runs its own. The setting is gone again afterwards, for somebody who does want one later.
readonly cluster_setting=/etc/postgresql-common/createcluster.d/llmemory.conf
install_with_postgresql()
{
    if may_install; then
        say 'PostgreSQL is installed without a server for the whole machine: llmemory runs its own.'
        say '(pg_createcluster makes such a server, should you want one.)'
        as_root mkdir -p "${cluster_setting%/*}"
        trap 'as_root rm -f "$cluster_setting"' EXIT
        say 'create_main_cluster = false' | as_root tee "$cluster_setting" >/dev/null
    fi
    install_packages postgresql "$@"
    as_root rm -f "$cluster_setting"
    trap - EXIT
    [[ -n $(server_major) ]] ||
        fail "this release has no PostgreSQL $postgresql_minimum or newer, which llmemory needs."
}

# The newest version of a package that apt can install; nothing when there is none.
candidate_of() { apt-cache policy "$1" | sed -n 's/^ *Candidate: *\([^(].*\)/\1/p'; }

# The Debian mirrors that apt is set up for, then the project's own release.
pgvector_urls()
{
    # shellcheck disable=SC2016 # apt replaces it
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | sort -u |
        sed -n "s:^\(https\?\://.*[^/]\)/*\$:\1/pool/main/p/pgvector/pgvector_$pgvector_release.orig.tar.gz:p"
    say "https://github.com/pgvector/pgvector/archive/refs/tags/v$pgvector_release.tar.gz"
}

# One digest of the names and contents of all files below a directory.
files_sha256()
(
    cd "$1"
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
)

# Puts the verified sources into $1/source. apt fetches them: it knows the proxy and the way to the mirror.
fetch_pgvector()
{
    local url hash
    while read -r url; do
        hash=()
        [[ $url != *.orig.tar.gz ]] || hash=("SHA256:$pgvector_archive_sha256")
        rm -rf "$1/archive" "$1/source"
        mkdir "$1/source"
        if /usr/lib/apt/apt-helper download-file "$url" "$1/archive" "${hash[@]}" >"$1/log" 2>&1 &&
            tar -xzf "$1/archive" -C "$1/source" --strip-components=1 --no-same-owner 2>"$1/log" &&
            [[ $(files_sha256 "$1/source") == "$pgvector_files_sha256" ]]; then
            return 0
        fi
        say "  not from $url"
    done < <(pgvector_urls)
    return 1
}

# Builds pgvector against the server of major version $1. Never tuned to this machine's processor
# (-march=native): what is built may end up in an image that runs elsewhere.
build_pgvector()
{
    local builder=() missing options work
    options=(OPTFLAGS= with_llvm=no "PG_CONFIG=/usr/lib/postgresql/$1/bin/pg_config")
    mapfile -t missing < <(missing_of ca-certificates gcc libc6-dev make "postgresql-server-dev-$1")
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"

    say "Building pgvector $pgvector_release for PostgreSQL $1 …"
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the value of now
    trap "rm -rf '$work'" EXIT
    if ! fetch_pgvector "$work"; then
        fail "the sources of pgvector $pgvector_release could not be fetched." \
            "Install pgvector $pgvector_minimum or newer for PostgreSQL $1 yourself and start again:" \
            '    https://github.com/pgvector/pgvector'
    fi
    # Only the installation needs root.
    if ((EUID == 0)); then
        chown -R nobody "$work"
        builder=(runuser -u nobody --)
    fi
    "${builder[@]}" make -C "$work/source" -j "$(nproc)" "${options[@]}" >"$work/log" 2>&1 ||
        fail 'pgvector could not be built:' "$(tail -n 20 "$work/log")"
    ((EUID != 0)) || chown -R root "$work"
    as_root make -C "$work/source" "${options[@]}" install >"$work/log" 2>&1 ||
        fail 'pgvector could not be installed:' "$(tail -n 20 "$work/log")"
    rm -rf "$work"
    trap - EXIT
    say "pgvector $pgvector_release is installed."
}

ensure_pgvector()
{
    local major=$1 package=postgresql-$1-pgvector extensions version
    extensions=$("/usr/lib/postgresql/$major/bin/pg_config" --sharedir)/extension
    version=$(pgvector_version "$extensions")
    if [[ -n $version ]]; then
        ! at_least "$version" "$pgvector_minimum" || return 0
        if is_installed "$package"; then
            say "Note: the distribution's pgvector $version works, but has known faults. To have $pgvector_release" \
                "instead, remove the package $package and run this again."
            return 0
        fi
    fi

    may_install || fail "pgvector $pgvector_minimum or newer is missing for PostgreSQL $major, and installing it" \
        'takes root or sudo: there is neither. Ask an administrator to run this once, then start again:' \
        "    $(realpath "$0")"
    refresh_package_lists
    version=$(candidate_of "$package")
    if [[ -n $version ]] && at_least "$version" "$pgvector_minimum"; then
        install_packages "$package"
    else
        build_pgvector "$major"
    fi
}

main()
{
    local missing wanted=("${run_packages[@]}")
    case ${1:-build} in
    run) ;;
    build) wanted+=("${build_packages[@]}") ;;
    test) wanted+=("${build_packages[@]}" "${test_packages[@]}") ;;
    check) wanted+=("${build_packages[@]}" "${test_packages[@]}" "${check_packages[@]}") ;;
    *) fail "unknown argument '$1'; use run, build, test or check." ;;
    esac
    command -v apt-get >/dev/null ||
        fail 'this installs packages with apt-get, which is not here. See the list in this script:' "    $0"

    mapfile -t missing < <(missing_of "${wanted[@]}")
    # A package of its own only since Debian 13, before that inside the library's.
    [[ ${1:-build} == run ]] || compgen -G '/usr/lib/*/qt6/plugins/imageformats/libqsvg.so' >/dev/null ||
        missing+=('qt6-svg-plugins|libqt6svg6')
    if [[ -z $(server_major) ]]; then
        install_with_postgresql "${missing[@]}"
    elif ((${#missing[@]} > 0)); then
        install_packages "${missing[@]}"
    fi
    ensure_pgvector "$(server_major)"
}

main "$@"
