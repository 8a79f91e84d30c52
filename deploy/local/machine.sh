# shellcheck shell=bash
# Ports, processes and secrets of this machine. Sourced.

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first of $1 neighbouring ports that nobody answers on, below the range the kernel takes for outgoing connections.
free_ports() {
    local count=$1 first port
    for _ in $(seq 50); do
        first=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        for ((port = first; port < first + count; port++)); do
            answers "$port" && continue 2
        done
        echo "$first"
        return
    done
    echo "Found no $count free neighbouring ports." >&2
    return 1
}

secret() { head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# Tries for $1 seconds.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

gone() { ! kill -0 "$1" 2>/dev/null; }
