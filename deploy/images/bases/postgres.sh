#!/usr/bin/env bash
# Entry point of our own PostgreSQL image: on a new volume makes the cluster and runs the scripts, as the official image does.
set -euo pipefail
[ "${1-}" = postgres ] || exec "$@"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb -D "$PGDATA" -U postgres --pwfile="${POSTGRES_PASSWORD_FILE:?names the file of the password}" \
        --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C.UTF-8
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    # Over the socket only, so that nobody takes the server for ready.
    pg_ctl -D "$PGDATA" -w start -o "-c listen_addresses=''"
    for script in /docker-entrypoint-initdb.d/*.sh; do
        [ -f "$script" ] && bash "$script"
    done
    pg_ctl -D "$PGDATA" -w -m fast stop
fi
exec "$@"
