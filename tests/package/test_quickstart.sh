#!/usr/bin/env bash
# scripts/quickstart, with a gan-train and a make that only say how they were called.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

mkdir -p "$work/copy/scripts" "$work/copy/build" "$work/bin"
cp scripts/quickstart "$work/copy/scripts"
printf '#!/bin/sh\necho setup\n' >"$work/copy/scripts/setup"
printf '#!/bin/sh\necho make "$@"\n' >"$work/bin/make"
cat >"$work/copy/build/gan-train" <<'END'
#!/bin/sh
echo gan-train "$@"
case $* in
*--list_presets*) ;;
*) mkdir -p "$2/samples" ;;
esac
exit "${STATUS:-0}"
END
chmod +x "$work"/copy/*/* "$work/bin/make"

# started FLAG...: sets $said and $status
started() {
    said=$(cd / && PATH=$work/bin:$PATH "$work/copy/scripts/quickstart" "$@" 2>&1)
    status=$?
}

started
is "status" 0 $status
is "sets up, builds, trains" "setup make gan-train" "$(grep -Eo '^(setup|make|gan-train)' <<<"$said" | tr '\n' ' ' | sed 's/ $//')"
has "trains for minutes" '^gan-train --outdir out/quickstart --max_minutes 2\.5$' "$said"
has "says where the pictures are" 'out/quickstart/samples/' "$said"
has "says where the losses are" 'out/quickstart/losses.csv' "$said"
started
has "a second time: into another folder" '^gan-train --outdir out/quickstart-2 ' "$said"
has "a second time: says where" 'out/quickstart-2/samples/' "$said"
started --preset vanilla
has "flags are passed on" '^gan-train --outdir out/quickstart-3 --max_minutes 2\.5 --preset vanilla$' "$said"
for length in --max_minutes=1 --max-minutes=1 --epochs=3 -e3; do
    started $length
    has "$length: instead of its own" "^gan-train --outdir out/quickstart-[0-9]+ $length\$" "$said"
done
started --list_presets
has_no "what trains nothing: no pictures" 'losses.csv' "$said"
is "what trains nothing: status" 0 $status
started --outdir elsewhere
is "--outdir: refused" 2 $status
has "--outdir: says why" 'quickstart: --outdir: it takes a new folder' "$said"
started --resume out/quickstart
is "--resume: refused" 2 $status
has "--resume: says why" 'quickstart: --resume: it begins a new run' "$said"
STATUS=2 started
is "what gan-train refuses: status" 2 $status
has_no "what gan-train refuses: no pictures" 'losses.csv' "$said"
STATUS=130 started
is "stopped: status" 130 $status
has "stopped: says where the losses are" 'losses.csv' "$said"
is "--help: status" 0 "$(scripts/quickstart --help >"$work/help"; echo $?)"
has "--help" '^Usage: scripts/quickstart' "$(cat "$work/help")"
conclude
