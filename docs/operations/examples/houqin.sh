#!/bin/sh
# "houqin" for an operator (root): the same user, folder and settings as the service. For /usr/local/bin/houqin
set -a
. /etc/houqin.env
set +a
cd /srv/houqin
exec runuser -u houqin -- /srv/houqin/.venv/bin/houqin "$@"
