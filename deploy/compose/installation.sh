# shellcheck shell=bash
# The installation in containers: its places, names and engine. Sourced by up and exchange.

compose_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$compose_folder/../.." && pwd)
containers=$root/deploy/containers
# Another folder gives another installation beside the first; secrets and volumes belong together.
home=$(realpath -m "${EXCHANGE_HOME:-$root/.local}/compose")
EXCHANGE_SECRETS=$home/secrets
COMPOSE_PROJECT_NAME=exchange-$(cksum <<<"$home" | cut -d ' ' -f 1)
COMPOSE_FILE=$compose_folder/compose.yaml
EXCHANGE_USER=$(id -u)
export EXCHANGE_SECRETS COMPOSE_PROJECT_NAME COMPOSE_FILE EXCHANGE_USER COMPOSE_PROGRESS=plain

# Exports what a script of deploy/containers says of itself.
take() {
    local said
    said=$("$@") || return
    set -a
    eval "$said"
    set +a
}

find_engine() { take "$containers/engine" env; }

viewer_wanted() { [[ ",${COMPOSE_PROFILES-}," == *,viewer,* ]]; }

# The images and the client's plugins, fetched or built where they are missing.
find_images() {
    take "$containers/images" && take "$containers/compose" "$EXCHANGE_IMAGE_DEBIAN" || return
    # The viewer's package holds a program for one kind of processor; on others services send to nobody, unless told to.
    if [ "$(uname -m)" = x86_64 ]; then
        export COMPOSE_PROFILES=${COMPOSE_PROFILES-viewer}
    else
        export EXCHANGE_OTLP=${EXCHANGE_OTLP-}
    fi
    # Apart, because a brace would end the expansion.
    local link='/traces/detail/{traceId}'
    if viewer_wanted; then export EXCHANGE_TRACE_LINK=${EXCHANGE_TRACE_LINK-http://127.0.0.1:${EXCHANGE_PORT_VIEWER-18888}$link}; fi
}

# up has been here: what it found is as it was.
keep_environment() {
    local name
    (umask 077 && for name in DOCKER_CONFIG ${!EXCHANGE_IMAGE_*}; do
        [ -z "${!name-}" ] || printf "%s='%s'\n" "$name" "${!name}"
    done >"$home/environment")
}
