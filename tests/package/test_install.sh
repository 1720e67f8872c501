#!/usr/bin/env bash
# make install puts all below DESTDIR and PREFIX, and make uninstall leaves nothing of it.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

build=${program%/gan-train}
make_quietly() { make -s BUILD="$build" DESTDIR="$work/root" PREFIX=/opt/gan "$@" 2>&1; }

files='./opt/gan/bin/gan-eval
./opt/gan/bin/gan-sample
./opt/gan/bin/gan-train
./opt/gan/share/bash-completion/completions/gan-eval
./opt/gan/share/bash-completion/completions/gan-sample
./opt/gan/share/bash-completion/completions/gan-train
./opt/gan/share/doc/gan-train/LICENSE
./opt/gan/share/man/man1/gan-eval.1
./opt/gan/share/man/man1/gan-sample.1
./opt/gan/share/man/man1/gan-train.1
./opt/gan/share/zsh/site-functions/_gan-eval
./opt/gan/share/zsh/site-functions/_gan-sample
./opt/gan/share/zsh/site-functions/_gan-train'

mkdir -p "$work/root/opt/gan/share/doc/other"
touch "$work/root/opt/gan/bin.other" "$work/root/opt/gan/share/doc/other/file"
before=$(cd "$work/root" && find . -type f | sort)
holds "make install" make_quietly install
is "install: what is there" "$files" "$(cd "$work/root" && find . -type f | grep -v other | sort)"
for name in gan-train gan-sample gan-eval; do
    has "install: $name runs" "^$name [0-9]" "$("$work/root/opt/gan/bin/$name" --version)"
    has "install: $name's man page" "^gan.-${name#gan-} .- " "$(cat "$work/root/opt/gan/share/man/man1/$name.1")"
    holds "install: $name's completion for bash" \
        bash -n "$work/root/opt/gan/share/bash-completion/completions/$name"
    has "install: $name's completion for zsh" "^#compdef $name" \
        "$(cat "$work/root/opt/gan/share/zsh/site-functions/_$name")"
done
is "install: the licence" "$(cat LICENSE)" "$(cat "$work/root/opt/gan/share/doc/gan-train/LICENSE")"
modes=$(cd "$work/root" && find opt -type f ! -path '*other*' -printf '%m %f\n' | sort -u)
is "install: who may read and run" "$(printf '%s\n' '644 LICENSE' '644 _gan-eval' '644 _gan-sample' '644 _gan-train' \
    '644 gan-eval' '644 gan-eval.1' '644 gan-sample' '644 gan-sample.1' '644 gan-train' '644 gan-train.1' '755 gan-eval' \
    '755 gan-sample' '755 gan-train')" "$modes"

holds "make install over it" make_quietly install
holds "make uninstall" make_quietly uninstall
is "uninstall: others' files stay, and no more" "$before" "$(cd "$work/root" && find . -type f | sort)"
is "uninstall: its own folder goes" "" "$(find "$work/root" -path '*doc/gan-train')"
holds "make uninstall where nothing is" make_quietly uninstall
conclude
