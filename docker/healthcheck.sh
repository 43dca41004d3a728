#!/bin/bash
# Healthy when the service says it is ready. bash alone: the base images promise no curl.
set -eu
exec 3<>"/dev/tcp/127.0.0.1/${QUARKUS_HTTP_PORT:-8080}"
printf 'GET /q/health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 4 status <&3
[[ "$status" == *" 200 "* ]]
