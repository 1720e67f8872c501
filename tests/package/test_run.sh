#!/usr/bin/env bash
# tests/run counts what passed and lets nothing that went wrong pass.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

unset MAKEFLAGS MFLAGS MAKELEVEL

# ran LINE...: tests/run over a program of these lines; sets $status and $said
ran() {
    {
        echo '#!/bin/sh'
        printf '%s\n' "$@"
    } >"$work/program"
    chmod +x "$work/program"
    said=$(SECONDS_MAX=1 tests/run "$work/program" 2>&1)
    status=$?
}
last() { tail -n 1 <<<"$said"; }

ran 'echo "2 passed, 0 failed"'
is "a script that passes: status" 0 $status
is "a script that passes: the sum" "2 passed, 0 failed" "$(last)"
is "a script that passes: one line" 2 "$(wc -l <<<"$said")"

ran 'echo why; echo "2 passed, 1 failed"; exit 1'
is "a script that fails: status" 1 $status
is "a script that fails: the sum" "2 passed, 1 failed" "$(last)"
has "a script that fails: its output" '\| why' "$said"

ran 'echo "2 passed, 1 failed"'
is "failed with status 0: status" 1 $status
ran 'echo "2 passed, 0 failed"; exit 3'
is "status 3 without a failed check: the sum" "2 passed, 1 failed" "$(last)"
has "status 3 without a failed check: is said" 'exit status 3' "$said"
ran 'true'
is "no count: the sum" "0 passed, 1 failed" "$(last)"
has "no count: is said" 'printed no count' "$said"
ran 'echo "2 passed, 0 failed"; kill -SEGV $$'
is "a crash: the sum" "2 passed, 1 failed" "$(last)"
ran 'exec sleep 5'
is "no end: the sum" "0 passed, 1 failed" "$(last)"
has "no end: is said" 'ended after 1 s' "$said"

ran 'echo "[  PASSED  ] 3 test(s)."; echo "[  SKIPPED ] 1 test(s), listed below:"; echo "[  SKIPPED ] one"'
is "cmocka: the sum" "3 passed, 0 failed" "$(last)"
has "cmocka: what was skipped is said" '1 skipped' "$said"
ran 'echo "[  PASSED  ] 3 test(s)."; echo "[  FAILED  ] 2 test(s), listed below:"; exit 2'
is "cmocka, two fail: the sum" "3 passed, 2 failed" "$(last)"
ran 'echo "[  PASSED  ] 3 test(s)."; echo "[  FAILED  ] tests: 2 test(s), listed below:"' \
    'echo "[  SKIPPED ] tests: 1 test(s), listed below:"; exit 2'
is "a newer cmocka, two fail: the sum" "3 passed, 2 failed" "$(last)"
ran 'echo "[ RUN      ] one"; exit 0'
is "cmocka, cut short: the sum" "0 passed, 1 failed" "$(last)"

said=$(tests/run nonsense 2>&1)
is "an unknown suite: status" 2 $?

mkdir -p "$work/copy"
cp -r Makefile include src scripts tests "$work/copy"
rm "$work"/copy/tests/unit/test_[!pc]*.c
sed -i 's/^DOUBLE_UNIT = .*/DOUBLE_UNIT =/' "$work/copy/Makefile"
echo 'broken' >>"$work/copy/tests/unit/test_presets.c"
echo 'int broken = ;' >>"$work/copy/src/main.c"
said=$(cd "$work/copy" && BUILD=build EXTRA=-O0 tests/run unit "$(basename "$work")/none.sh" 2>&1)
is "what cannot be built: status" 1 $?
has "what cannot be built: is said" 'FAILED.*test_presets \(could not be built\)' "$said"
has "what cannot be built: why" "test_presets.c:[0-9:]* error" "$said"
has "what cannot be built: the others run" 'ok .* passed  build/tests/test_csv' "$said"
has "what cannot be built: gan-train" 'FAILED.*gan-train could not be built' "$said"
conclude
