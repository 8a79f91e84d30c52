# shellcheck shell=bash
# Installs Debian and Ubuntu packages. Sourced.

# Runs apt-get as root; says what to install where that is not possible.
install_packages() {
    local root=()
    if [ "$(id -u)" != 0 ]; then
        # Without a terminal sudo cannot ask for a password, so it must not need one.
        if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
            echo "Missing: $*. Install with: sudo apt-get install --no-install-recommends $*" >&2
            return 1
        fi
        root=(sudo)
    fi
    if ! command -v apt-get >/dev/null; then
        echo "Missing: $*. This machine has no apt-get; install their equivalents by hand." >&2
        return 1
    fi
    local log
    log=$(mktemp)
    if ! { "${root[@]}" apt-get update -q &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"; } \
        </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "apt-get could not install $*." >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# Installs only what is missing of: package=path (a pattern of the file that shows it is there).
need() {
    local wanted missing=()
    for wanted in "$@"; do
        compgen -G "${wanted#*=}" >/dev/null || missing+=("${wanted%%=*}")
    done
    [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

install_servers() {
    need 'postgresql=/usr/lib/postgresql/*/bin/initdb' 'rabbitmq-server=/usr/lib/rabbitmq/bin/rabbitmq-server'
}

# The SDK that global.json asks for; run inside the repository.
need_sdk() {
    if ! command -v dotnet >/dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then
        export DOTNET_ROOT="$HOME/.dotnet" PATH="$HOME/.dotnet:$PATH"
    fi
    if command -v dotnet >/dev/null && dotnet --version >/dev/null 2>&1; then return; fi
    cat >&2 <<'WORD'
The .NET 10 SDK is missing. Either of
    sudo apt-get install dotnet-sdk-10.0        (Ubuntu; Debian with Microsoft's package feed)
    curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0
puts it where this script finds it.
WORD
    return 1
}
