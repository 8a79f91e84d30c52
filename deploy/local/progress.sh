# shellcheck shell=bash
# One line per step, with its seconds; of a failing step the end of its log. Sourced.

steps_log=$(mktemp)

say_seconds() { printf '%5d s  %s\n' "$(($1))" "$2"; }

# step WHAT COMMAND...: runs it with nothing on its input and its output kept back.
step() {
    local what=$1 began=$SECONDS
    shift
    if [ -t 1 ]; then printf '        %s ...\r' "$what"; fi
    if "$@" </dev/null >"$steps_log" 2>&1; then
        say_seconds SECONDS-began "$what"
        return
    fi
    say_seconds SECONDS-began "$what: FAILED"
    echo "----- the end of what it said"
    tail -n 20 "$steps_log"
    echo "-----"
    return 1
}
