#!/usr/bin/env bash
# Run by the PostgreSQL image when its volume is new: for each name in DATABASES a database, the role that owns it, which only
# migrate uses, and the role that serves on it with what migrate grants it.
set -euo pipefail
for name in $DATABASES; do
  psql --no-psqlrc -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres \
    -v role="exchange_$name" -v password="$(cat "/run/secrets/$name.password")" \
    -v owner="exchange_${name}_owner" -v owner_password="$(cat "/run/secrets/$name-owner.password")" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE DATABASE :"role" OWNER :"owner";
REVOKE CONNECT ON DATABASE :"role" FROM PUBLIC;
SQL
done
