# shellcheck shell=bash
# The installation under .local: its places, ports, databases and services. Sourced by up and exchange.

local_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$local_folder/../.." && pwd)
# Another folder gives another installation beside the first.
EXCHANGE_HOME=$(realpath -m "${EXCHANGE_HOME:-$root/.local}")
export EXCHANGE_HOME DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# shellcheck source=machine.sh
. "$local_folder/machine.sh"
# shellcheck source=dashboard.sh
. "$local_folder/dashboard.sh"

binaries=$root/artifacts/bin
# shellcheck disable=SC2034
client=$binaries/Exchange.Cli/release/exchange.dll
services=(requests tracking correlation)

build() { (cd "$root" && dotnet build deploy/local/product.slnf -c Release -v q); }

project_of() { echo "Exchange.${1^}"; }

log_of() { echo "$EXCHANGE_HOME/log/$1.log"; }

pid_of() { cat "$EXCHANGE_HOME/run/$1.pid" 2>/dev/null; }

# Also looks at the program, because the process id may have gone to another since.
runs() {
    local pid
    pid=$(pid_of "$1") && grep -qs "$2" "/proc/$pid/cmdline"
}

quarantine_runs() { runs "$1-quarantine" "$(project_of "$1").dll quarantine"; }

service_runs() { runs "$1" "$(project_of "$1").dll"; }

# port NAME: as chosen at the first start.
port() { sed -n "s/^$1=//p" "$EXCHANGE_HOME/ports"; }

# Keeps yesterday's port, so that a second start is the same, unless another program has taken it.
choose_port() {
    local chosen
    touch "$EXCHANGE_HOME/ports"
    chosen=$(port "$1")
    if [ -n "$chosen" ] && ! answers "$chosen"; then return; fi
    chosen=$(free_ports 1) || return
    sed -i "/^$1=/d" "$EXCHANGE_HOME/ports"
    echo "$1=$chosen" >>"$EXCHANGE_HOME/ports"
}

choose_ports() {
    local name
    for name in "${services[@]}"; do choose_port "${name}_grpc" && choose_port "${name}_probe" || return; done
    cat >"$EXCHANGE_HOME/client.json" <<JSON
{
  "requests": "https://localhost:$(port requests_grpc)",
  "tracking": "https://localhost:$(port tracking_grpc)",
  "correlation": "https://localhost:$(port correlation_grpc)",
  "pki": "pki",
  "persona": "prosecutor"
}
JSON
}

# The value of a word of an Npgsql connection string, by the names it may have. Run in a subshell.
connection_word() {
    local part
    shopt -s nocasematch
    while read -r -d ';' part; do
        if [[ "${part%%=*}" =~ ^[[:space:]]*($2)[[:space:]]*$ ]]; then
            echo "${part#*=}"
            return
        fi
    done < <(echo "$1;")
}

# The server that up uses: named in the environment, or its own.
find_server() {
    if [ -z "${EXCHANGE_POSTGRES-}" ]; then eval "$("$local_folder/servers" env "$EXCHANGE_HOME/servers" postgres 2>/dev/null)"; fi
    [ -n "${EXCHANGE_POSTGRES-}" ] && sql 'SELECT 1' >/dev/null
}

# at_server PROGRAM...: one of PostgreSQL's programs, led to the installation's server.
at_server() {
    local server=$EXCHANGE_POSTGRES
    PGHOST=$(connection_word "$server" 'host|server') PGPORT=$(connection_word "$server" port) \
        PGUSER=$(connection_word "$server" 'username|user id|userid|user name') \
        PGPASSWORD=$(connection_word "$server" 'password|pwd') "$@"
}

# sql STATEMENT [DATABASE]
sql() { at_server psql -qtAX -v ON_ERROR_STOP=1 -d "${2:-postgres}" -c "$1"; }

# The password of a role, made at its first use.
password_of() {
    local file=$EXCHANGE_HOME/roles/$1.password
    if [ ! -f "$file" ]; then
        mkdir -p -m 700 "$EXCHANGE_HOME/roles" && (umask 077 && secret >"$file.new") && mv "$file.new" "$file" || return
    fi
    cat "$file"
}

# By standard input, because everybody reads a program's arguments.
create_role() {
    at_server psql -qtAX -v ON_ERROR_STOP=1 -d postgres >/dev/null <<SQL
DO \$\$ BEGIN CREATE ROLE $1; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$;
ALTER ROLE $1 LOGIN PASSWORD '$(password_of "$1")';
SQL
}

# Each belongs to a role that only migrate uses. The role that serves has the name of the database, and grants that migrate gives it.
create_databases() {
    local name there
    for name in exchange_requests exchange_tracking exchange_correlation exchange_keys; do
        create_role "$name" && create_role "${name}_owner" && sql "GRANT ${name}_owner TO CURRENT_USER" || return
        there=$(sql "SELECT 1 FROM pg_database WHERE datname = '$name'") || return
        [ -n "$there" ] || sql "CREATE DATABASE $name OWNER ${name}_owner" || return
    done
}

# connection_as ROLE DATABASE
connection_as() { echo "$EXCHANGE_POSTGRES;Database=$2;Username=$1;Password=$(password_of "$1")"; }

new_key() { mkdir -p -m 700 "$(dirname "$1")" && (umask 077 && head -c 32 /dev/urandom | base64 >"$1.new") && mv "$1.new" "$1"; }
# A user for each service at the installation's own broker. One that is named in the environment is its operator's: services log in there
# as they are told, until he has imported what deploy/broker/definitions prints and each is told a user of its own.
create_broker_users() {
    local folder=$EXCHANGE_HOME/broker name
    mkdir -p -m 700 "$folder"
    for name in "${services[@]}"; do
        [ -s "$folder/broker-$name.password" ] || (umask 077 && secret >"$folder/broker-$name.password") || return
    done
    "$root/deploy/broker/definitions" "$folder" | "$local_folder/servers" ctl "$EXCHANGE_HOME/servers" import_definitions
}

# The address of the broker for the service NAME, with its own user where there is one.
broker_of() {
    local own=$EXCHANGE_HOME/broker/broker-$1.password
    if [ -f "$own" ]; then echo "amqp://$1:$(cat "$own")@${EXCHANGE_BROKER#*@}"; else echo "$EXCHANGE_BROKER"; fi
}

# Made beside its place, so that a run cut short leaves no half of it.
create_identities() {
    local pki=$EXCHANGE_HOME/pki key
    if [ ! -d "$pki" ]; then
        rm -rf "$pki.new"
        dotnet "$client" pki init "$pki.new" --state BY --partner PL && mv "$pki.new" "$pki" || return
    fi
    # Tracking has one of its own: it has nothing to do with the keys of subjects.
    for key in "$EXCHANGE_HOME"/keys/{service,tracking}.key; do
        [ -f "$key" ] || new_key "$key" || return
    done
}

# Fills the array environment with what the service NAME must know.
environment_of() {
    local name=$1 pki=$EXCHANGE_HOME/pki telemetry key
    telemetry_environment
    environment=(
        "${telemetry[@]}"
        "ConnectionStrings__Database=$(connection_as "exchange_$name" "exchange_$name")"
        "ConnectionStrings__Broker=$(broker_of "$name")"
        "Grpc__Address=127.0.0.1" "Grpc__Port=$(port "${name}_grpc")"
        "Probe__Address=127.0.0.1" "Probe__Port=$(port "${name}_probe")"
        "Identity__Certificate=$pki/services/$name.pem" "Identity__Key=$pki/services/$name.key"
        "Checkpoints__Key=$pki/services/$name.checkpoint.key"
        "Identity__Anchors=$pki/anchors" "Identity__RevocationLists=$pki/crl"
        "Installation__State=BY"
    )
    case $name in
        requests) environment+=("ConnectionStrings__Keys=$(connection_as exchange_keys exchange_keys)") ;;
        *) environment+=("Requests__Address=https://localhost:$(port requests_grpc)") ;;
    esac
    case $name in
        tracking) key=$EXCHANGE_HOME/keys/tracking ;;
        *) key=$EXCHANGE_HOME/keys/service ;;
    esac
    environment+=("Keys__ServiceKey=$key.key")
    # While they are rotated.
    if [ -f "$key.second" ]; then environment+=("Keys__SecondServiceKey=$key.second"); fi
}

# run_service NAME CONFIGURATION ARGUMENT: for migrate and rotate-keys. Only migrate is told the owners of the databases.
run_service() {
    local name=$1 environment
    environment_of "$name"
    if [ "$3" = migrate ]; then
        environment+=("ConnectionStrings__DatabaseOwner=$(connection_as "exchange_${name}_owner" "exchange_$name")")
        if [ "$name" = requests ]; then
            environment+=("ConnectionStrings__KeysOwner=$(connection_as exchange_keys_owner exchange_keys)")
        fi
    fi
    (
        export "${environment[@]}"
        cd "$binaries/$(project_of "$name")/$2" && exec dotnet "$(project_of "$name").dll" "$3"
    ) >>"$(log_of "$name-$3")" 2>&1 </dev/null
}

# migrate_services [NAME...]: without names, all. A service does not start on a database that was not migrated for it.
migrate_services() {
    local name names=("$@") migrating=()
    [ ${#names[@]} -gt 0 ] || names=("${services[@]}")
    mkdir -p "$EXCHANGE_HOME/log"
    for name in "${names[@]}"; do
        run_service "$name" release migrate &
        migrating+=($!)
    done
    for name in "${names[@]}"; do
        if ! wait "${migrating[0]}"; then
            echo "The databases of ${name^} could not be migrated. The end of $(log_of "$name-migrate"):"
            why_it_ended "$(log_of "$name-migrate")"
            return 1
        fi
        migrating=("${migrating[@]:1}")
    done
}

start_service() {
    local name=$1 environment
    environment_of "$name"
    # Exported and not given to env, whose arguments everybody reads. In a session of its own, so that Ctrl-C reaches it through
    # up, in order.
    (
        export "${environment[@]}"
        cd "$binaries/$(project_of "$name")/release" && exec setsid dotnet "$(project_of "$name").dll"
    ) >>"$(log_of "$name")" 2>&1 </dev/null &
    echo $! >"$EXCHANGE_HOME/run/$name.pid"
}

# Tries the dead letters of a service. It ends with a message that kills; the next one finds its mark and parks that message.
start_quarantine() {
    local name=$1 environment
    environment_of "$name"
    (
        export "${environment[@]}" Probe__Port=0
        cd "$binaries/$(project_of "$name")/release" && exec setsid bash -c 'trap "kill \$!; wait; exit" TERM
            while :; do dotnet $0 & wait $!; sleep 1; done' "$(project_of "$name").dll quarantine"
    ) >>"$(log_of "$name-quarantine")" 2>&1 </dev/null &
    echo $! >"$EXCHANGE_HOME/run/$name-quarantine.pid"
}

health() {
    local status
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    read -r -t 5 _ status _ <&3 && [ "$status" = 200 ]
}

service_ready() { (health "$(port "$1_probe")") 2>/dev/null; }

service_ready_or_ended() { service_ready "$1" || gone "$(pid_of "$1")"; }

# An exception says its reason first, and its stack would push it out of the last lines.
why_it_ended() {
    local line
    line=$(grep -n 'Unhandled exception' "$1" | tail -n 1 | cut -d : -f 1)
    if [ -n "$line" ]; then tail -n "+$line" "$1" | head -n 17; else tail -n 17 "$1"; fi
}

# start_services [NAME...]: without names, all.
start_services() {
    local name names=("$@")
    [ ${#names[@]} -gt 0 ] || names=("${services[@]}")
    mkdir -p "$EXCHANGE_HOME/run" "$EXCHANGE_HOME/log"
    for name in "${names[@]}"; do start_service "$name"; done
    for name in "${names[@]}"; do
        if ! wait_until 90 service_ready_or_ended "$name" || ! service_ready "$name"; then
            echo "${name^} is not ready. The end of $(log_of "$name"):"
            why_it_ended "$(log_of "$name")"
            return 1
        fi
    done
    for name in "${names[@]}"; do start_quarantine "$name"; done
}

# stop_services [NAME...]: without names, all.
stop_services() {
    local name pid names=("$@")
    [ ${#names[@]} -gt 0 ] || names=(correlation tracking requests)
    for name in "${names[@]}"; do
        if quarantine_runs "$name"; then
            kill "$(pid_of "$name-quarantine")" || true
            wait_until 30 gone "$(pid_of "$name-quarantine")" || true
        fi
    done
    for name in "${names[@]}"; do
        if service_runs "$name"; then kill "$(pid_of "$name")" || true; fi
    done
    for name in "${names[@]}"; do
        service_runs "$name" || continue
        pid=$(pid_of "$name")
        wait_until 30 gone "$pid" || kill -9 "$pid" || true
    done
}

being_debugged() { runs "$1-debug" debug; }
# A restore or a rotation of keys has stopped it, or a debugger's has its place; whoever did it will start it again.
service_rests() {
    { [ -f "$EXCHANGE_HOME/run/$1.restoring" ] && { runs restore restore || runs rotate-keys rotate-keys; }; } || being_debugged "$1"
}
