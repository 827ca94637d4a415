#!/bin/sh
# Run once, when the database's volume is empty: the tables' owner, the application's role (owns nothing), and the database.
set -eu
secrets=${SECRETS:-/run/secrets}
psql -v ON_ERROR_STOP=1 -v owner="$(cat "$secrets/owner_password")" -v app="$(cat "$secrets/app_password")" \
  --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE promotion_owner LOGIN PASSWORD :'owner';
CREATE ROLE promotion_app LOGIN PASSWORD :'app';
CREATE DATABASE promotion OWNER promotion_owner;
REVOKE CONNECT ON DATABASE promotion FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE promotion TO promotion_app;
SQL
