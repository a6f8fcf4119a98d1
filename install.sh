#!/bin/sh
# Builds git-model from this folder, installs it for you alone, and adds its hooks to one repository.
# Needs cargo, git and a C compiler; asks once before it writes into a repository; --uninstall undoes it.
set -eu

usage() {
	cat <<'END'
usage: ./install.sh [REPOSITORY] [--yes | --audit]
       ./install.sh [REPOSITORY] --uninstall

Builds git-model, installs the program and its manual page, shows what the
history of REPOSITORY says, and adds the Git hooks that record from now on.
Without REPOSITORY: the clone in which this script stands.

  --yes        do not ask before adding hooks
  --audit      add no hooks, only read
  --uninstall  remove the hooks of REPOSITORY, the program and its manual page
  -h, --help   show this

PREFIX says where to: the program to $PREFIX/bin, its manual page to
$PREFIX/share/man/man1 (default: ~/.local). CARGO_TARGET_DIR is honoured.
END
}

fail() {
	printf 'error: %s\n' "$1" >&2
	shift
	for hint in "$@"; do
		printf 'hint: %s\n' "$hint" >&2
	done
	exit 2
}

# Prints a fact and how to undo or change it: side by side, or below where there is no room.
row() {
	if [ "${#1}" -lt 41 ]; then
		printf '%-41s%s\n' "$1" "$2"
	else
		printf '%s\n%41s%s\n' "$1" '' "$2"
	fi
}

# Writes a path as people do: ~ for the home folder.
short() {
	case $1 in
	"$HOME"/*) printf '~%s' "${1#"$HOME"}" ;;
	*) printf '%s' "$1" ;;
	esac
}

# Writes a word so that a shell reads it back.
quoted() {
	case $1 in
	*[!A-Za-z0-9_./=:@%+,-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
	*) printf '%s' "$1" ;;
	esac
}

# Asks a question on a terminal; elsewhere, and with --yes, the answer is yes.
agreed() {
	if [ -n "$yes" ] || ! [ -t 0 ] || ! [ -t 1 ]; then
		return 0
	fi
	printf '%s [Y/n] ' "$1"
	read -r answer || answer=n
	case $answer in
	'' | [Yy]*) return 0 ;;
	*) return 1 ;;
	esac
}

# Names a folder by its absolute path; it need not exist.
absolute() {
	if [ -d "$1" ]; then
		(cd "$1" && pwd -P)
	else
		printf '%s/%s\n' "$(absolute "$(dirname "$1")" | sed 's:^/$::')" "$(basename "$1")"
	fi
}

repository=
yes=
audit=
uninstall=
words_only=
for word in "$@"; do
	case $words_only$word in
	--yes) yes=1 ;;
	--audit) audit=1 ;;
	--uninstall) uninstall=1 ;;
	-h | --help)
		usage
		exit 0
		;;
	--) words_only=1 ;;
	-*) fail "unknown option $(quoted "$word")" 'see ./install.sh --help' ;;
	*)
		[ -z "$repository" ] || fail 'one repository at a time' 'see ./install.sh --help'
		[ -n "$word" ] || fail 'the name of the repository is empty' 'see ./install.sh --help'
		repository=$word
		;;
	esac
done
[ -z "$audit" ] || [ -z "$uninstall" ] || fail '--audit and --uninstall exclude each other'

# What a hook or an alias that runs this script has set is about another repository.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX CDPATH
source=$(cd "$(dirname "$0")" && pwd -P)
prefix=$(absolute "${PREFIX:-$HOME/.local}")
bin=$prefix/bin
page=$prefix/share/man/man1/git-model.1
program=$bin/git-model

# Sets `repository`, and `name` for people. An unpacked archive is no repository, even inside of one.
find_repository() {
	if [ -n "$repository" ]; then
		[ -d "$repository" ] || fail "there is no folder $(quoted "$repository")"
		repository=$(cd "$repository" && pwd -P)
		problem=$(git -C "$repository" rev-parse --git-dir 2>&1 >/dev/null) ||
			fail "$(quoted "$repository") is not a Git repository that can be read" \
				"git says: $problem" 'a new one: git init'
	elif [ "$(git -C "$source" rev-parse --show-toplevel 2>/dev/null)" = "$source" ]; then
		repository=$source
	fi
	name=$(basename "$repository")
}

is_ours() {
	hook=$(git -C "$repository" rev-parse --git-path hooks/commit-msg)
	(cd "$repository" && grep -q '^# git-model hook ' "$hook" 2>/dev/null)
}

# --- undo -------------------------------------------------------------------------------------------------------------

if [ -n "$uninstall" ]; then
	command -v git >/dev/null || fail 'git is missing'
	named=$repository
	find_repository
	if [ -n "$repository" ] && { [ -n "$named" ] || is_ours; }; then
		if [ -x "$program" ]; then
			"$program" -C "$repository" deinit
		elif is_ours; then
			fail "$name has hooks, but git-model is not in $(short "$bin")" \
				'to remove hooks the program is needed: ./install.sh --audit, then this again'
		fi
	fi
	if [ ! -e "$program" ] && [ ! -e "$page" ]; then
		printf 'git-model is not in %s\n' "$(short "$bin")"
		exit 0
	fi
	printf 'Hooks in other repositories stay; in each of them, before you go on: git model deinit\n'
	if ! agreed 'Remove git-model now?'; then
		printf 'nothing more was removed\n'
		exit 1
	fi
	rm -f "$program" "$page"
	# Folders that are empty now are as good as ours; others stay.
	for folder in "$bin" "$prefix/share/man/man1" "$prefix/share/man" "$prefix/share" "$prefix"; do
		rmdir "$folder" 2>/dev/null || true
	done
	printf 'git-model removed from %s\n' "$(short "$prefix")"
	exit 0
fi

# --- what is needed ---------------------------------------------------------------------------------------------------

missing=
need() {
	missing=1
	printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
}
oldest=$(sed -n 's/^rust-version = "1\.\([0-9]*\)".*/\1/p' "$source/Cargo.toml")
command -v git >/dev/null ||
	need 'git is missing' 'Debian, Ubuntu: sudo apt install git; Fedora: sudo dnf install git; macOS: xcode-select --install'
command -v cc >/dev/null ||
	need 'a C compiler (cc) is missing' 'Debian, Ubuntu: sudo apt install build-essential; Fedora: sudo dnf install gcc; macOS: xcode-select --install'
if command -v cargo >/dev/null; then
	minor=$(cargo --version | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p')
	[ -z "$minor" ] || [ "$minor" -ge "$oldest" ] ||
		need "cargo 1.$minor is too old: git-model needs Rust 1.$oldest or newer" 'rustup update; or get Rust as on https://rustup.rs'
else
	need 'cargo is missing' "get Rust 1.$oldest or newer as on https://rustup.rs, then open a new shell"
fi
[ -z "$missing" ] || exit 2

find_repository
place=$prefix
while [ ! -e "$place" ]; do
	place=$(dirname "$place")
done
{ [ -d "$place" ] && [ -w "$place" ]; } ||
	fail "nothing can be written to $(short "$place")" 'name another place: PREFIX=FOLDER ./install.sh'

# --- build and install ------------------------------------------------------------------------------------------------

target=$(absolute "${CARGO_TARGET_DIR:-$source/target}")
printf 'Building git-model; from nothing this takes some minutes.\n'
(cd "$source" && cargo build --release --locked --target-dir "$target") ||
	fail 'git-model could not be built; the reason stands above'
built=$target/release/git-model
[ -x "$built" ] || fail "cargo built no $(short "$built")" 'unset CARGO_BUILD_TARGET, and build.target in cargo'\''s settings'

# Each file is put in place in one step: hooks may run the old program meanwhile.
put() {
	mkdir -p "$(dirname "$3")"
	cp "$2" "$3.new"
	chmod "$1" "$3.new"
	mv -f "$3.new" "$3"
}
put 755 "$built" "$program"
put 644 "$source/docs/git-model.1" "$page"
version=$("$program" --version)
undo='./install.sh --uninstall'
[ "$prefix" = "$HOME/.local" ] || undo="PREFIX=$(quoted "$prefix") $undo"
row "$version -> $(short "$bin")" "(undo: $undo)"
case :$PATH: in
*":$bin:"*) ;;
*)
	printf '%s is not on your PATH; add to your shell'\''s settings:\n' "$(short "$bin")"
	# shellcheck disable=SC2016 # it is for the reader's shell
	printf '    export PATH=%s:"$PATH"\n' "$(quoted "$bin")"
	;;
esac

# --- the repository ---------------------------------------------------------------------------------------------------

if [ -z "$repository" ]; then
	row 'no repository named' '(./install.sh REPOSITORY, or there: git model init)'
	exit 0
fi
printf '\n'
if git -C "$repository" rev-parse --verify --quiet HEAD >/dev/null; then
	"$program" -C "$repository" log --no-pager
else
	printf '%s: no commits yet\n' "$name"
fi
printf '\n'
if [ -n "$audit" ]; then
	row "$name: no hooks added, as asked" "(later: git -C $(quoted "$repository") model init)"
	exit 0
fi
later="add the hooks later: git -C $(quoted "$repository") model init"
if ! "$program" -C "$repository" init --dry-run; then
	printf 'hint: git-model is installed, and nothing was written into %s; when that is mended,\n' "$name" >&2
	printf 'hint: %s\n' "$later" >&2
	exit 2
fi
if agreed "Add these hooks to $name?"; then
	"$program" -C "$repository" init
else
	printf '%s\n' "$later"
fi
