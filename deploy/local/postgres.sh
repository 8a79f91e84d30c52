# shellcheck shell=bash disable=SC2154
# One private PostgreSQL in $place/postgres. Sourced by servers.

postgres_bin() { compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1; }

# From the data folder's root, because the caller's folder may be closed to the user.
postgres_ctl() { (cd / && as postgres "$(postgres_bin)/pg_ctl" -D "$place/postgres/data" "$@"); }

postgres_runs() { postgres_ctl status >/dev/null 2>&1; }

postgres_create() {
    local home=$place/postgres
    mkdir -p "$home"
    secret >"$home/password"
    chmod 600 "$home/password"
    hand_to postgres "$home"
    # --no-sync spares only initdb's own fsync; the server's stay on.
    (cd / && as postgres "$(postgres_bin)/initdb" -D "$home/data" -U postgres -A scram-sha-256 --pwfile="$home/password" \
        -E UTF8 --locale=C.UTF-8 --no-sync) >"$place/initdb.log" 2>&1 ||
        { tail -n 20 "$place/initdb.log" >&2; fail "PostgreSQL's initdb failed"; }
}

postgres_start() {
    local home=$place/postgres
    [ -f "$home/data/PG_VERSION" ] || postgres_create
    if postgres_runs; then return; fi
    for _ in 1 2 3; do
        # Another program may have taken yesterday's port, or take today's in this very moment.
        if [ ! -f "$place/postgres.port" ] || answers "$(cat "$place/postgres.port")"; then
            free_ports 1 >"$place/postgres.port"
        fi
        if postgres_ctl -w -t 60 -l "$home/server.log" start -o "-p $(cat "$place/postgres.port") \
            -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300 -c shared_buffers=256MB" \
            >/dev/null 2>&1; then
            return
        fi
        rm -f "$place/postgres.port"
    done
    tail -n 20 "$home/server.log" >&2
    fail "PostgreSQL does not start; its log is $home/server.log"
}

postgres_stop() { if postgres_runs; then postgres_ctl -w -m fast stop >/dev/null; fi; }

# The children of a killed postmaster notice only at their next wait; the server cannot start again before they are gone.
postgres_kill() {
    local pid children
    postgres_runs || return 0
    pid=$(head -n 1 "$place/postgres/data/postmaster.pid")
    children=$(cat "/proc/$pid/task/$pid/children")
    # shellcheck disable=SC2086
    kill -9 "$pid" $children 2>/dev/null || true
    for pid in $pid $children; do
        wait_until 10 gone "$pid" || fail "process $pid of PostgreSQL does not end"
    done
}

postgres_env() {
    echo "EXCHANGE_POSTGRES='Host=127.0.0.1;Port=$(cat "$place/postgres.port");Username=postgres;Password=$(cat "$place/postgres/password")'"
}
