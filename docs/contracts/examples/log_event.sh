#!/usr/bin/env bash
# Sends one event to Trajectlog over HTTP, and again until there is an answer.
#
#     log_event.sh EVENT.json      the event as docs/events.md has it; it must have its event_id already
#
# TRAJECTLOG_URL (default http://127.0.0.1:8080), TRAJECTLOG_TOKEN (none where the service runs without sign-in), TRAJECTLOG_CA (a file).
# Prints the event as recorded, or the problem. Exit 0 recorded (or there already), 1 refused, 3 no answer. Needs curl and jq.

set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
event=$1
url=${TRAJECTLOG_URL:-http://127.0.0.1:8080}
trajectory=$(jq --exit-status --raw-output .trajectory_id "$event")
jq --exit-status .event_id "$event" >/dev/null || { echo "an event needs an event_id, chosen once and kept" >&2; exit 2; }

options=(--silent --show-error --max-time 30 --header "Content-Type: application/json")
[ -z "${TRAJECTLOG_CA:-}" ] || options+=(--cacert "$TRAJECTLOG_CA")
answer=$(mktemp)
token=$(mktemp)
trap 'rm -f "$answer" "$token"' EXIT
# From a file, not an argument: arguments are seen by everybody on the machine.
[ -z "${TRAJECTLOG_TOKEN:-}" ] || { echo "Authorization: Bearer $TRAJECTLOG_TOKEN" >"$token"; options+=(--header "@$token"); }

for wait in 1 2 4 8 0; do
    # The very same body each time: with the same event_id nothing is recorded twice.
    status=$(curl "${options[@]}" --data-binary "@$event" --output "$answer" --write-out '%{http_code}' \
        "$url/api/v1/trajectories/$trajectory/events") || status=000
    case $status in
        201) cat "$answer"; echo; echo "recorded" >&2; exit 0 ;;
        200) cat "$answer"; echo; echo "was there already" >&2; exit 0 ;;
        000 | 408 | 429 | 5??) sleep "$wait" ;;
        *) cat "$answer" >&2; echo >&2; exit 1 ;;
    esac
done
echo "no answer from $url; send it again later" >&2
exit 3
