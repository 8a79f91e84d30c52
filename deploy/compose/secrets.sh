#!/usr/bin/env bash
# Writes one file per secret into the folder named, and leaves alone what is already there: the servers took the
# first password they saw. The folder is closed to others and its files are open, since every container reads
# them as a user of its own.
set -euo pipefail
folder=$1
umask 022
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

random() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
once() { [ -s "$1" ] || { cat > "$1.new" && mv "$1.new" "$1"; }; }

for name in postgres requests tracking correlation keys broker; do
  random | once "$name.password"
done
head -c 32 /dev/urandom | base64 -w0 | once service-key

database() {
  echo -n "Host=$1;Database=exchange_$2;Username=exchange_$2;Password=$(cat "$2.password")" | once "$2.connection"
}
database database requests
database database tracking
database database correlation
database keys keys
echo -n "amqp://exchange:$(cat broker.password)@broker:5672/" | once broker.connection
printf 'default_user = exchange\ndefault_pass = %s\n' "$(cat broker.password)" | once broker.conf
