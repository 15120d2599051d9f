# Runs a command for as long as somebody waits for it: the other end of standard input closes with whoever asked, and then all of it is ended.
# ask.sh COMMAND…
exec 3<&0 </dev/null
{ read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 &
watcher=$!
"$@" 3<&-
code=$?
kill -KILL "$watcher" 2>/dev/null
exit "$code"
