# shellcheck shell=bash disable=SC2154
# The private Docker engine: data in $data, sockets and process ids in $run. Sourced by engine.

# No package may start a service of its own: ours is private, and a machine may have its reasons to run none.
engine_install() {
    local policy=/usr/sbin/policy-rc.d made=false unable=
    if command -v dockerd >/dev/null && command -v docker >/dev/null; then return; fi
    if [ ! -e "$policy" ]; then
        made=true
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    # From Debian 13 on the client is a package of its own.
    need 'docker.io=/usr/sbin/dockerd' 'iptables=/usr/sbin/iptables' &&
        { command -v docker >/dev/null || install_packages docker-cli; } || unable=true
    if $made; then rm -f "$policy"; fi
    [ -z "$unable" ] || fail "there is no Docker engine and none can be installed"
}

engine_pid() { cat "$run/pid" 2>/dev/null; }

engine_runs() {
    local pid
    pid=$(engine_pid) && grep -qs "$run" "/proc/$pid/cmdline"
}

engine_answers() { docker -H "unix://$socket" version >/dev/null 2>&1; }

engine_answers_or_ended() { engine_answers || gone "$1"; }

engine_start() {
    echo '{}' >"$run/daemon.json"
    # Ports of containers open on the loopback only, even where a port is published without an address.
    setsid dockerd --config-file "$run/daemon.json" --data-root "$data/data" --exec-root "$run/exec" --pidfile "$run/pid" \
        -H "unix://$socket" --ip 127.0.0.1 --log-level warn --log-opt max-size=10m --log-opt max-file=3 \
        </dev/null >"$data/engine.log" 2>&1 9>&- &
    if ! wait_until 60 engine_answers_or_ended $! || ! engine_answers; then
        engine_end
        tail -n 20 "$data/engine.log" >&2
        fail "the engine does not start; its log is $data/engine.log. On a machine whose kernel forbids it, name another in DOCKER_HOST."
    fi
}

# A process is known by its id and the moment it began, because an id may go to another later.
user_of() { cut -d ')' -f 2- "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 21; }

engine_watch() { setsid "$here/engine" watch </dev/null >/dev/null 2>&1 9>&- & }

# Stops the engine when all who wanted it are gone. One who wants it until 'engine stop' is the file "stop".
engine_watch_loop() {
    local file pid
    while engine_runs; do
        for file in "$run"/users/*; do
            pid=${file##*/}
            if [ "$pid" = stop ] || { [ -e "$file" ] && [ "$(user_of "$pid")" = "$(cat "$file")" ]; }; then continue; fi
            rm -f "$file"
        done
        if ! compgen -G "$run/users/*" >/dev/null; then
            exec 9>"$run/lock"
            flock 9
            if ! compgen -G "$run/users/*" >/dev/null; then engine_end; return; fi
            exec 9>&-
        fi
        sleep 1
    done
}

engine_stop_locked() {
    [ -d "$run" ] || return 0
    exec 9>"$run/lock"
    flock 9
    rm -f "$run"/users/*
    engine_end
}

engine_end() {
    local pid
    if engine_runs; then
        pid=$(engine_pid)
        kill "$pid" 2>/dev/null || true
        wait_until 60 gone "$pid" || kill -9 "$pid" 2>/dev/null || true
    fi
    engine_clear
}

# What a killed engine leaves: containerd, shims and what runs under them, mounts, the files of the process ids.
engine_clear() {
    local pid mount
    for pid in $(grep -ls "$run/exec" /proc/[0-9]*/cmdline | cut -d / -f 3); do
        kill -9 $(cat "/proc/$pid/task/$pid/children" 2>/dev/null) "$pid" 2>/dev/null || true
        wait_until 10 gone "$pid" || fail "process $pid of an earlier engine does not end"
    done
    while read -r mount; do umount -l "$mount" 2>/dev/null || true; done \
        < <(cut -d ' ' -f 2 /proc/mounts | grep -e "^$run/" -e "^$data/" | sort -r)
    rm -rf "$run/exec" "$run/pid" "$socket"
}
