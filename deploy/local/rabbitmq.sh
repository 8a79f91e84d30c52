# shellcheck shell=bash disable=SC2154
# One private RabbitMQ node in $place/rabbitmq, with the management plugin's HTTP API. Sourced by servers.
#
# Ports: first = AMQP, +1 distribution, +2 epmd, +3 HTTP API, +4..+8 command-line tools.
# Debian's wrappers in /usr/sbin change user and folder and open a public epmd; the scripts in /usr/lib do neither.

rabbitmq_port() { echo $(($(cat "$place/rabbitmq.port") + $1)); }

rabbitmq_pid() { cat "$place/rabbitmq/pid" 2>/dev/null; }

rabbitmq_runs() {
    local pid
    pid=$(rabbitmq_pid) && [ -n "$pid" ] && grep -qs "$place/rabbitmq" "/proc/$pid/cmdline"
}

rabbitmq_create() {
    local home=$place/rabbitmq
    mkdir -p "$home"
    secret >"$home/password"
    secret >"$home/.erlang.cookie"
    chmod 400 "$home/.erlang.cookie" "$home/password"
    echo '[rabbitmq_management].' >"$home/enabled_plugins"
}

# The node's name never changes, or a new port would mean an empty broker.
rabbitmq_configure() {
    local home=$place/rabbitmq
    cat >"$home/rabbitmq.conf" <<CONF
listeners.tcp.default = 127.0.0.1:$(rabbitmq_port 0)
management.tcp.ip = 127.0.0.1
management.tcp.port = $(rabbitmq_port 3)
default_user = exchange
default_pass = $(cat "$home/password")
default_user_tags.administrator = true
vm_memory_high_watermark.absolute = 2GiB
disk_free_limit.absolute = 500MB
log.file.level = warning
CONF
    cat >"$home/environment" <<ENV
HOME=$home
LANG=C.UTF-8
PATH=$PATH
RABBITMQ_NODENAME=exchange@localhost
RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
RABBITMQ_NODE_PORT=$(rabbitmq_port 0)
RABBITMQ_DIST_PORT=$(rabbitmq_port 1)
ERL_EPMD_PORT=$(rabbitmq_port 2)
ERL_EPMD_ADDRESS=127.0.0.1
RABBITMQ_CTL_DIST_PORT_MIN=$(rabbitmq_port 4)
RABBITMQ_CTL_DIST_PORT_MAX=$(rabbitmq_port 8)
RABBITMQ_MNESIA_BASE=$home/mnesia
RABBITMQ_LOG_BASE=$home/log
RABBITMQ_PID_FILE=$home/pid
RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins
RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf
RABBITMQ_CONF_ENV_FILE=/dev/null
RABBITMQ_GENERATED_CONFIG_DIR=$home/gen
RABBITMQ_ADVANCED_CONFIG_FILE=$home/advanced.config
RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}
ENV
    hand_to rabbitmq "$home"
}

rabbitmq_start() {
    local home=$place/rabbitmq environment
    [ -f "$home/enabled_plugins" ] || rabbitmq_create
    if rabbitmq_runs; then return; fi
    for _ in 1 2 3; do
        if [ ! -f "$place/rabbitmq.port" ] || answers "$(rabbitmq_port 0)"; then
            free_ports 9 >"$place/rabbitmq.port"
        fi
        rm -f "$home/pid"
        rabbitmq_configure
        mapfile -t environment <"$home/environment"
        (cd / && as rabbitmq env -i "${environment[@]}" setsid /usr/lib/rabbitmq/bin/rabbitmq-server -noinput) \
            </dev/null >"$place/rabbitmq.log" 2>&1 &
        if wait_until 60 rabbitmq_ready_or_dead $! && rabbitmq_ready; then return; fi
        rabbitmq_kill
        rm -f "$place/rabbitmq.port"
    done
    tail -n 20 "$place/rabbitmq.log" >&2
    fail "RabbitMQ does not start; its log is $place/rabbitmq.log"
}

# The HTTP API comes last, when the broker takes connections and knows its user.
rabbitmq_ready() { answers "$(rabbitmq_port 0)" && answers "$(rabbitmq_port 3)"; }

rabbitmq_ready_or_dead() { rabbitmq_ready || gone "$1"; }

# TERM to the Erlang machine ends the node cleanly; its epmd stays and is ended after it.
rabbitmq_stop() { rabbitmq_end TERM; }

rabbitmq_kill() { rabbitmq_end KILL; }

rabbitmq_end() {
    local pid
    if rabbitmq_runs; then
        pid=$(rabbitmq_pid)
        kill "-$1" "$pid" 2>/dev/null || true
        wait_until 60 gone "$pid" || fail "RabbitMQ (process $pid) does not end"
    fi
    [ -f "$place/rabbitmq.port" ] || return 0
    (cd / && as rabbitmq env HOME="$place/rabbitmq" epmd -port "$(rabbitmq_port 2)" -kill) >/dev/null 2>&1 || true
}

rabbitmq_ctl() {
    local environment
    mapfile -t environment <"$place/rabbitmq/environment"
    (cd / && as rabbitmq env -i "${environment[@]}" /usr/lib/rabbitmq/bin/rabbitmqctl -q "$@")
}

rabbitmq_env() {
    local login
    login=exchange:$(cat "$place/rabbitmq/password")
    echo "EXCHANGE_BROKER='amqp://$login@127.0.0.1:$(rabbitmq_port 0)/'"
    echo "EXCHANGE_BROKER_API='http://$login@127.0.0.1:$(rabbitmq_port 3)/'"
}
