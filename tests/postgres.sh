#!/usr/bin/env bash
# A throw-away PostgreSQL for tests. Prints one line, the administrator's URL, and lives until its standard input closes.
#
# Whoever starts it holds the other end of that pipe, so the server ends with its owner however the owner ends. Standard
# input and one line out is the whole interface: tests/src/postgres.rs and ./check both use it. `bansou kill-run` also writes
# orders into the pipe, each answered by a line: `stop` (in order) and `crash` (at once) by "stopped", `start` by "started".
#
#   BANSOU_TEST_FSYNC=off   don't wait for the disk (faster on slow disks; the data is thrown away anyway)
set -euo pipefail

die() { echo "postgres for tests: $*" >&2; exit 1; }

# PATH first, then where Debian keeps the server, newest version first.
if ! bin=$(dirname "$(readlink -f "$(command -v initdb)")" 2>/dev/null) || [ ! -x "$bin/postgres" ]; then
    bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -rn | head -1)
fi
[ -x "$bin/postgres" ] || die "PostgreSQL isn't installed (Debian: apt-get install postgresql)"

# PostgreSQL refuses to run as root. A session of its own keeps Ctrl-C from reaching the server before its owner is gone.
if [ "${1:-}" != inside ]; then
    [ "$(id -u)" = 0 ] || exec setsid --wait bash "$0" inside
    getent passwd postgres >/dev/null || die "running as root needs the user 'postgres' to start the server as"
    # The script is read before the change of user, who may not be able to see this folder.
    script=$(cat "$0")
    cd /
    exec setsid --wait setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all \
        bash -c "$script" postgres.sh inside
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/bansou-postgres.XXXXXX") || die "the user $(id -un) can't write to ${TMPDIR:-/tmp}"
server=
stop() {
    trap - EXIT
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

(umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$dir/password")
"$bin/initdb" --pgdata="$dir/data" --username=bansou --pwfile="$dir/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || die "initdb failed: $(cat "$dir/log")"

start() {
    "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir" \
        -c fsync="${BANSOU_TEST_FSYNC:-on}" -c max_connections=300 -c shared_buffers=64MB -c timezone=UTC \
        </dev/null >"$dir/log" 2>&1 &
    server=$!
    until grep -q 'ready to accept connections' "$dir/log"; do
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    kill -0 "$server" 2>/dev/null || { server=; return 1; }
}

halt() {
    kill "$1" "$server"
    wait "$server" || true
    server=
    echo stopped
}

for _ in 1 2 3 4 5 6 7 8; do
    port=$((20000 + RANDOM % 12000))
    start || continue
    echo "postgres://bansou:$(cat "$dir/password")@127.0.0.1:$port/postgres"
    while read -r order; do
        case $order in
            stop) halt -INT ;;
            crash) halt -QUIT ;;
            start) start && echo started || die "it doesn't start again: $(tail -3 "$dir/log")" ;;
        esac
    done
    exit 0
done
die "the server didn't start: $(tail -3 "$dir/log")"
