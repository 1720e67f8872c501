#!/usr/bin/env bash
# make install puts all below DESTDIR and PREFIX, and make uninstall leaves nothing of it.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

build=${program%/gan-train}
make_quietly() { make -s BUILD="$build" DESTDIR="$work/root" PREFIX=/opt/gan "$@" 2>&1; }

files='./opt/gan/bin/gan-train
./opt/gan/share/bash-completion/completions/gan-train
./opt/gan/share/doc/gan-train/LICENSE
./opt/gan/share/man/man1/gan-train.1
./opt/gan/share/zsh/site-functions/_gan-train'

mkdir -p "$work/root/opt/gan/share/doc/other"
touch "$work/root/opt/gan/bin.other" "$work/root/opt/gan/share/doc/other/file"
before=$(cd "$work/root" && find . -type f | sort)
holds "make install" make_quietly install
is "install: what is there" "$files" "$(cd "$work/root" && find . -type f | grep -v other | sort)"
has "install: the program runs" '^gan-train [0-9]' "$("$work/root/opt/gan/bin/gan-train" --version)"
has "install: the man page" '^\.TH GAN' "$(cat "$work/root/opt/gan/share/man/man1/gan-train.1")"
holds "install: the completion for bash" bash -n "$work/root/opt/gan/share/bash-completion/completions/gan-train"
has "install: the completion for zsh" '^#compdef gan-train' \
    "$(cat "$work/root/opt/gan/share/zsh/site-functions/_gan-train")"
is "install: the licence" "$(cat LICENSE)" "$(cat "$work/root/opt/gan/share/doc/gan-train/LICENSE")"
modes=$(cd "$work/root" && find opt -type f ! -path '*other*' -printf '%m %f\n' | sort -u)
is "install: who may read and run" "$(printf '644 LICENSE\n644 _gan-train\n644 gan-train\n644 gan-train.1\n755 gan-train')" \
    "$modes"

holds "make install over it" make_quietly install
holds "make uninstall" make_quietly uninstall
is "uninstall: others' files stay, and no more" "$before" "$(cd "$work/root" && find . -type f | sort)"
is "uninstall: its own folder goes" "" "$(find "$work/root" -path '*doc/gan-train')"
holds "make uninstall where nothing is" make_quietly uninstall
conclude
