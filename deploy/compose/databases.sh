#!/usr/bin/env bash
# Run by the PostgreSQL image when its volume is new: a role and a database of its own for each name in DATABASES.
set -euo pipefail
for name in $DATABASES; do
  psql --no-psqlrc -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres \
    -v role="exchange_$name" -v password="$(cat "/run/secrets/$name.password")" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE CONNECT ON DATABASE :"role" FROM PUBLIC;
SQL
done
