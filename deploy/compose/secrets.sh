#!/usr/bin/env bash
# Writes one file per secret into the folder named, and leaves alone what is already there: the servers took the
# first password they saw. The folder is closed to others and its files are open, since every container reads
# them as a user of its own.
set -euo pipefail
folder=$1
definitions=$(cd "$(dirname "${BASH_SOURCE[0]}")/../broker" && pwd)/definitions
umask 022
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

# once FILE COMMAND...: the command's output becomes the file, unless it is there.
once() { [ -s "$1" ] || { "${@:2}" > "$1.new" && mv "$1.new" "$1"; }; }

password() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
key() { head -c 32 /dev/urandom | base64 -w0; }
# connection HOST DATABASE ROLE
connection() { printf 'Host=%s;Database=exchange_%s;Username=exchange_%s;Password=%s' "$1" "$2" "${3/-/_}" "$(cat "$3.password")"; }

for name in postgres {requests,tracking,correlation,keys}{,-owner} broker{,-requests,-tracking,-correlation} viewer.token viewer.key; do
  once "$name.password" password
done
for name in requests tracking correlation; do
  once "$name.connection" connection database "$name" "$name"
  once "$name-owner.connection" connection database "$name" "$name-owner"
done
once keys.connection connection keys keys keys
once keys-owner.connection connection keys keys keys-owner
for name in requests tracking correlation; do
  once "broker-$name.connection" printf 'amqp://%s:%s@broker:5672/' "$name" "$(cat "broker-$name.password")"
done
once service-key key
once tracking-key key
once viewer.headers printf 'x-otlp-api-key=%s' "$(cat viewer.key.password)"
# The Aspire dashboard: a token for who looks, a key for who sends.
viewer() {
    cat <<JSON
{
  "Dashboard": {
    "ApplicationName": "Exchange",
    "Frontend": { "EndpointUrls": "http://0.0.0.0:18888", "AuthMode": "BrowserToken", "BrowserToken": "$(cat viewer.token.password)" },
    "Otlp": { "GrpcEndpointUrl": "http://0.0.0.0:18889", "AuthMode": "ApiKey", "PrimaryApiKey": "$(cat viewer.key.password)" },
    "Mcp": { "Disabled": true },
    "Api": { "Enabled": false }
  }
}
JSON
}
once viewer.json viewer
# What the broker is told at each start, made anew each time: a new version may permit otherwise.
"$definitions" . exchange >broker.json
# For the build: authorities beyond the usual that this machine trusts, and where its packages come from. Made anew each time.
cat "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" >authorities.pem 2>/dev/null || : >authorities.pem
cat "$HOME/.nuget/NuGet/NuGet.Config" >nuget.config 2>/dev/null || printf '<configuration />\n' >nuget.config
