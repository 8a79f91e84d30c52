# shellcheck shell=bash
# The trace viewer of the installation: the Aspire dashboard on the loopback, with a token for who looks and a key for what is
# sent, both in files that only their owner reads. Sourced by installation.sh.

viewer_folder=$EXCHANGE_HOME/viewer

viewer_runs() { runs viewer ./Aspire.Dashboard; }

viewer_page() { echo "http://127.0.0.1:$(port viewer_page)"; }

# The package holds a program for one kind of processor.
viewer_fits() { [ "$(uname -m)" = x86_64 ]; }

viewer_does_not_fit() {
    cat <<WORD
No trace viewer: Aspire.Dashboard.Sdk.linux-x64 is not for this processor ($(uname -m)). Either name a viewer of your own in
OTEL_EXPORTER_OTLP_ENDPOINT (nuget.org has Aspire.Dashboard.Sdk.linux-arm64; it was not tried here), or leave it out: --no-dashboard.
WORD
}

# Made once, so that a page that is open stays logged in.
viewer_secrets() {
    local name
    mkdir -p -m 700 "$viewer_folder" || return
    for name in token key; do
        [ -s "$viewer_folder/$name" ] || (umask 077 && secret >"$viewer_folder/$name") || return
    done
    (umask 077 && cat >"$viewer_folder/settings.json") <<JSON
{
  "Dashboard": {
    "ApplicationName": "Exchange",
    "Frontend": { "EndpointUrls": "$(viewer_page)", "AuthMode": "BrowserToken", "BrowserToken": "$(cat "$viewer_folder/token")" },
    "Otlp": { "GrpcEndpointUrl": "http://127.0.0.1:$(port viewer_otlp)", "AuthMode": "ApiKey", "PrimaryApiKey": "$(cat "$viewer_folder/key")" },
    "Mcp": { "Disabled": true },
    "Api": { "Enabled": false }
  }
}
JSON
}

viewer_answers() { answers "$(port viewer_page)" && answers "$(port viewer_otlp)"; }

viewer_answers_or_ended() { viewer_answers || gone "$(pid_of viewer)"; }

start_viewer() {
    local program
    mkdir -p "$EXCHANGE_HOME/run"
    # Twice, because where packages lie is known only after they were restored.
    (cd "$root" && dotnet restore deploy/local/viewer.csproj -v q) || return
    program=$(cd "$root" && dotnet msbuild deploy/local/viewer.csproj -getProperty:ViewerFolder) || return
    choose_port viewer_page && choose_port viewer_otlp && viewer_secrets || return
    # The address with the token in it is among the first things that it says.
    (umask 077 && : >"$viewer_folder/log") || return
    (
        umask 077
        cd "$program" || exit
        # It is a guest: what it keeps, it keeps in the installation's folder, and it tells nobody of its use.
        export HOME=$viewer_folder ASPIRE_DASHBOARD_CONFIG_FILE_PATH=$viewer_folder/settings.json ASPIRE_DASHBOARD_TELEMETRY_OPTOUT=true
        DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
        export DOTNET_ROOT
        unset ASPNETCORE_URLS ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT
        exec setsid ./Aspire.Dashboard
    ) >>"$viewer_folder/log" 2>&1 </dev/null &
    echo $! >"$EXCHANGE_HOME/run/viewer.pid"
    if ! wait_until 60 viewer_answers_or_ended || ! viewer_answers; then
        echo "The trace viewer does not answer. The end of $viewer_folder/log:"
        tail -n 17 "$viewer_folder/log"
        return 1
    fi
}

stop_viewer() {
    local pid
    viewer_runs || return 0
    pid=$(pid_of viewer)
    kill "$pid" || true
    wait_until 15 gone "$pid" || kill -9 "$pid" || true
}

# Fills the array telemetry with what services and command line must know to send there; empty where no viewer runs, so that
# what the environment says counts.
telemetry_environment() {
    telemetry=()
    viewer_runs || return 0
    # shellcheck disable=SC2034
    telemetry=(
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$(port viewer_otlp)" "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"
        "OTEL_EXPORTER_OTLP_HEADERS=x-otlp-api-key=$(cat "$viewer_folder/key")"
        "Telemetry__TraceLink=$(viewer_page)/traces/detail/{traceId}"
    )
}
