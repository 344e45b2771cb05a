#!/bin/sh
# The outside system of the trials, as `sh outside.sh FOLDER run|verify|rollback`: it does each piece of work once by its key, and remembers every call.
set -eu
place="$1/$CHANGE_MGMT_DEPLOYMENT"
key="$CHANGE_MGMT_IDEMPOTENCY_KEY"
mkdir -p "$place"
if [ "$2" = verify ]; then
  test -d "$place/$key"
else
  echo "$key" >>"$place/calls"
  if mkdir "$place/$key" 2>/dev/null; then echo "$2" >>"$place/work"; fi
fi
