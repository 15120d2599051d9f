# Runs a command in the background of everything: writes who it is before it begins and how it ended after.
# launch.sh STATE LOG COMMAND…
state=$1
log=$2
shift 2
start() {
  if [ -r "/proc/$$/stat" ]; then sed 's/^.*) //' "/proc/$$/stat" | cut -d ' ' -f 20; else ps -o lstart= -p "$$" | tr -s ' '; fi
}
# Of two that were started at one place, one goes on.
set -C
{ echo "$$"; start; } 2>/dev/null >"$state.pid" || exit 75
set +C
# The command hears a signal as it is; this shell lives on to tell how the command ended.
trap : TERM INT HUP
# Whatever answers somebody goes first: at once where the system has a class for what may wait, by niceness alone elsewhere.
idle=
chrt --idle 0 true 2>/dev/null && idle='chrt --idle 0'
$idle nice -n 10 "$@" >>"$log" 2>&1 </dev/null
echo "$?" >"$state.exit.part" && mv "$state.exit.part" "$state.exit"
