#!/bin/sh
# Checks this package with git, ssh-keygen, openssl and the coreutils, and with nothing else.
#
#   sh VERIFY.sh [--key SHA256:...] [--receipt LINE] [--head COMMIT] [--ca FILE]
#
# --key      the fingerprint of the key that signed the first commit, known from elsewhere
# --receipt  the receipt line of an earlier report, or the 64 hex digits in it
# --head     a commit that the history must hold, known from elsewhere
# --ca       the certificate of the time stamp authority, fetched from itself
#
# exit: 0 proven, 1 tampered or invalid, 5 nothing wrong found but incomplete, 4 cannot verify
set -u
LC_ALL=C TZ=UTC
export LC_ALL TZ
umask 077

for name in $(env | cut -d= -f1); do
	case $name in
	GIT_*[!A-Z0-9_]*) ;;
	GIT_*) unset "$name" ;;
	esac
done
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_NO_REPLACE_OBJECTS=1
GIT_TERMINAL_PROMPT=0 GIT_ALLOW_PROTOCOL=file GIT_LITERAL_PATHSPECS=1
export GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_NO_REPLACE_OBJECTS
export GIT_TERMINAL_PROMPT GIT_ALLOW_PROTOCOL GIT_LITERAL_PATHSPECS

work=$(mktemp -d) || exit 4
trap 'rm -rf "$work"' EXIT
trap 'exit 4' HUP INT TERM
mkdir "$work/keys" "$work/anchors"
: >"$work/findings"

key='' receipt='' head='' ca=''
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || { echo "VERIFY.sh: $1 needs a value" >&2; exit 4; }
	case $1 in
	--key) key=$2 ;;
	--receipt) receipt=$2 ;;
	--head) head=$2 ;;
	--ca) cat -- "$2" >"$work/ca.pem" || exit 4; ca=$work/ca.pem ;;
	*) echo "VERIFY.sh: there is no option $1" >&2; exit 4 ;;
	esac
	shift 2
done
for tool in git ssh-keygen openssl sha256sum; do
	command -v "$tool" >/dev/null || { echo "VERIFY.sh: $tool is missing" >&2; exit 4; }
done
cd -- "$(dirname -- "$0")" || exit 4

tampered() { printf 'TAMPERED    %s\n' "$*"; echo 1 >>"$work/findings"; }
incomplete() { printf 'INCOMPLETE  %s\n' "$*"; echo 5 >>"$work/findings"; }
good() { printf 'ok          %s\n' "$*"; }
sha256() { sha256sum | cut -c1-64; }
g() { git --git-dir="$work/kb.git" -c core.quotePath=false "$@"; }

# --- 1. the files of the package ------------------------------------------------------------

sha256sum --check --strict --quiet SHA256SUMS || exit 1

listed() {
	for found in "$1"* "$1".[!.]*; do
		if [ -L "$found" ]; then
			echo "link  $found"
		elif [ -d "$found" ]; then
			listed "$found/"
		elif [ -f "$found" ] && [ "$found" != SHA256SUMS ]; then
			sha256sum -- "$found"
		fi
	done
}
listed '' | sort -k2 >"$work/files"
if [ "$(sha256 <"$work/files")" != "$(sha256 <SHA256SUMS)" ]; then
	tampered 'PKG the files are not exactly those that SHA256SUMS names'
	exit 1
fi
good "PKG every file is the one that SHA256SUMS names ($(sha256 <SHA256SUMS))"

# --- 2. the bundle, into a repository that nobody else has touched --------------------------

said=$(cat HEAD)
case $said in
*[!0-9a-f]* | '') tampered 'PKG HEAD does not name a commit'; exit 1 ;;
esac
folder=
while IFS= read -r line; do
	case $line in
	'  "folder": "'*) folder=${line#*: \"}; folder=${folder%\"*} ;;
	esac
done <manifest.json
if [ ${#said} -eq 64 ]; then format=sha256; else format=sha1; fi
git init --quiet --bare --template= --object-format="$format" "$work/kb.git" || exit 4
if ! g bundle verify --quiet "$PWD/kb.bundle" 2>"$work/err"; then
	tampered 'PKG git bundle verify refuses kb.bundle'
	exit 1
fi
ref=$(g bundle list-heads "$PWD/kb.bundle")
case $ref in
"$said refs/heads/"*) ref=${ref#* } ;;
*) tampered 'HEAD kb.bundle does not hold exactly the head that HEAD names'; exit 1 ;;
esac
case $ref in
*'
'*) tampered 'REFS kb.bundle holds more than one ref'; exit 1 ;;
esac
if ! g fetch --quiet --no-tags "$PWD/kb.bundle" "$ref:$ref" 2>"$work/err"; then
	cat "$work/err"
	tampered 'FSCK git cannot read kb.bundle'
	exit 1
fi
if ! g fsck --full --strict --no-dangling --no-progress >"$work/err" 2>&1; then
	cat "$work/err"
	tampered 'FSCK git fsck refuses the objects'
	exit 1
fi
[ "$(g rev-parse --verify "$ref")" = "$said" ] || { tampered 'HEAD another head'; exit 1; }
good "HEAD the bundle is whole and its only ref $ref is at $said"
if [ -n "$head" ]; then
	if g merge-base --is-ancestor "$head" "$said" 2>"$work/err"; then
		good "HEAD the commit you hold, $head, is in the history"
	else
		tampered "ROLLBACK the commit you hold, $head, is not in the history"
	fi
fi

# --- 3. every commit: header, signature, identity, order, contents --------------------------

# Whose signature counts: of each commit the keys that the file allowed_signers of the commit before
# it allows, and of the first commit its own. Where the first commit is unsigned, the commit that
# brings the first such file is judged by that file, and every later one by the commit before it.
# --key is about the first commit alone: it fails where that one is unsigned.

blob() { g rev-parse --quiet --verify "$1:$folder$2" 2>/dev/null; }
extracted() { [ -f "$work/keys/$1" ] || g cat-file blob "$1" >"$work/keys/$1"; }
is_record() {
	case $1 in
	"$folder"*) inner=${1#"$folder"} ;;
	*) return 1 ;;
	esac
	case $inner in
	customers/*/*/*/*) return 1 ;;
	customers/*/usage/*.md | customers/*/events/*.md | customers/*/visits/*.md) return 0 ;;
	customers/*/complaints/*.md | customers/*/communications/*.md) return 0 ;;
	customers/*/notes/*.md | customers/*/churn/*.md) return 0 ;;
	customers/*/*/*) return 1 ;;
	customers/*/profile.md | customers/*/architecture.md) return 0 ;;
	lessons/*/* | products/*/*) return 1 ;;
	lessons/*.md | products/*.md) return 0 ;;
	esac
	return 1
}
is_policy() {
	case ${1#"$folder"} in
	.aswiki/anchors/* | .aswiki/ltv/*) return 1 ;;
	.aswiki/* | aswiki.toml | .gitattributes | */.gitattributes) return 0 ;;
	esac
	return 1
}
is_ours() {
	case ${1#"$folder"} in
	customers/* | lessons/* | products/* | .aswiki/*) return 0 ;;
	esac
	return 1
}
reference() {
	name=${1#"$folder"}
	name=${name#customers/}
	printf '%s\n' "${name%.md}"
}
holds() { # whether a file has exactly this line
	while IFS= read -r each; do
		[ "$each" != "$2" ] || return 0
	done <"$1"
	return 1
}
is_odd() { # whether a text holds signs that nobody sees, or that turn a line around
	case $1 in
	*[![:print:]]*) ;;
	*) return 1 ;;
	esac
	case $(printf %s "$1" | od -An -v -tx1 | tr -d '\n') in
	*' '[01][0-9a-f]* | *' 7f'*) return 0 ;;
	*' c2 '[89]* | *' c2 a'[0d]* | *' d8 9c'* | *' e1 9a 80'* | *' e1 a0 8e'*) return 0 ;;
	*' e2 80 8'* | *' e2 80 a'[89a-f]* | *' e2 81 9f'* | *' e2 81 a'*) return 0 ;;
	*' e3 80 80'* | *' ee '* | *' ef '[89a]?\ * | *' ef bb bf'* | *' ef bf b'[9ab]*) return 0 ;;
	*' f3 a0 '*) return 0 ;;
	esac
	return 1
}
is_dated() { # whether the line of a person ends in a time as git writes it
	zone=${1##* } seconds=${1% *}
	seconds=${seconds##* }
	case $1 in *' <'*'> '*' '*) ;; *) return 1 ;; esac
	case $seconds in '' | *[!0-9]* | 0?* | ???????????*) return 1 ;; esac
	case $zone in [+-][01][0-9][0-9][0-9]) ;; *) return 1 ;; esac
	zone=${zone#?}
	[ $(((1${zone%??} - 100) * 60 + 1${zone#??} - 100)) -le 840 ]
}

# reads a raw commit: sets parents, author, committer, when, sig, header; trailers go to a file
read_commit() {
	parents='' author='' committer='' sig='' header='' stage=0 in_body='' op=''
	paragraph=0 blank=1 above='' several='' inject='' squash='' odd=''
	: >"$work/trailers"
	while IFS= read -r line || [ -n "$line" ]; do
		if [ -n "$in_body" ]; then
			if [ -z "$line" ]; then blank=1; continue; fi
			if [ -n "$blank" ]; then
				case $above in several) several=1 inject=1 ;; ours) inject=1 ;; esac
				above='' blank='' paragraph=$((paragraph + 1))
				: >"$work/trailers"
			fi
			case $line in
			Aswiki-Op:*) above=several ;;
			Aswiki-[A-Za-z-]*:*) above=${above:-ours} ;;
			'Squashed commit of the following:') squash=1 ;;
			esac
			if is_odd "$line"; then odd=1; fi
			printf '%s\n' "$line" >>"$work/trailers"
			continue
		fi
		case $line in
		'') in_body=1 ;;
		'tree '*) [ $stage -eq 0 ] || header=bad; stage=1 ;;
		'parent '*) [ $stage -eq 1 ] || header=bad; parents="$parents ${line#parent }" ;;
		'author '*) [ $stage -eq 1 ] || header=bad; stage=2; author=${line#author } ;;
		'committer '*) [ $stage -eq 2 ] || header=bad; stage=3; committer=${line#committer } ;;
		'encoding '*) [ $stage -eq 3 ] || header=bad; stage=4 ;;
		'gpgsig '* | 'gpgsig-sha256 '*) [ $stage -ge 3 ] && [ $stage -le 4 ] || header=bad; stage=5; sig=1 ;;
		' '*) [ $stage -eq 5 ] || header=bad ;;
		*) header=bad ;;
		esac
	done
	[ $stage -ge 3 ] || header=bad
	is_dated "$author" && is_dated "$committer" || header=bad
	if [ $paragraph -eq 1 ]; then # a subject alone has no block
		case $above in several) several=1 inject=1 ;; ours) inject=1 ;; esac
		: >"$work/trailers"
	fi
	again='' by_host=''
	[ "$author" = "$committer" ] || again=1
	email=${author##*<} other=${committer##*<}
	email=${email%%>*} other=${other%%>*}
	[ "$email" = "$other" ] || by_host=1
	when=${committer% *}
	when=${when##* }
	read_trailers <"$work/trailers"
	if [ -n "$op" ] && [ -n "$odd" ]; then inject=1; fi
	if [ -n "$several" ] && [ -n "$again" ]; then inject=''; fi # a host's squash
}

# the block of a message: sets op and tool, and inject where it is not one that aswiki writes
read_trailers() {
	seen=' ' named=0 tool=''
	while IFS= read -r line; do
		case $line in Aswiki-[A-Za-z-]*': '*) ;; *) continue ;; esac
		name=${line%%: *}
		case $name in
		Aswiki-Record) named=$((named + 1)) ;;
		Aswiki-Op | Aswiki-Records | Aswiki-Occurred | Aswiki-Tool)
			case $seen in *" $name "*) inject=1 ;; esac ;;
		*) inject=1 ;;
		esac
		case $seen$name in
		*' Aswiki-Op '*Aswiki-Op) ;;
		*Aswiki-Op) op=${line#*: } ;;
		*Aswiki-Tool) tool=${line#*: } ;;
		esac
		seen="$seen$name "
	done
	[ "$seen" != ' ' ] || return
	case $seen in *' Aswiki-Tool '*) ;; *) inject=1 ;; esac
	case $seen in *' Aswiki-Records '*) [ $named -eq 0 ] || inject=1 ;; esac
	case $op in
	create | update | append | close | retire | rename | attach | import | anchor) ;;
	policy | adopt | undo | merge) ;;
	*) inject=1 op='' ;;
	esac
}

find_keys() { # sets by, the commit whose file of allowed keys counts, and keys, the file's object
	by=${first_parent:-$1}
	keys=$(blob "$by" .aswiki/allowed_signers)
	if [ -z "$keys" ] && [ -z "$signed" ]; then
		by=$1
		keys=$(blob "$by" .aswiki/allowed_signers)
	fi
	[ -z "$keys" ] || extracted "$keys"
}

check_signature() { # commit
	g -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$work/keys/$keys" \
		log -1 --format='%G?%n%GF%n%GS' "$1" -- >"$work/said" 2>/dev/null
	{ IFS= read -r mark; IFS= read -r print; IFS= read -r principal; } <"$work/said"
	if [ "$mark" != G ]; then
		tampered "SIG $1 its signature is not one of an allowed key ($mark)"
	fi
	if [ "${author% * *}" != "${committer% * *}" ]; then
		tampered "IDENT $1 author and committer are not the same"
	elif [ "$principal" != "$email" ]; then
		tampered "IDENT $1 signed by $principal, and its author is $email"
	fi
}

was_allowed() { # commit, seconds: whether its key was allowed then, too
	g log -1 --format=%ct%n%P "$1" >"$work/said"
	{ IFS= read -r _claimed; IFS= read -r parents; } <"$work/said"
	first_parent=${parents%% *}
	[ "$1" != "$genesis" ] || first_parent=''
	find_keys "$1"
	[ -n "$keys" ] || return 0
	g cat-file commit "$1" >"$work/commit"
	: >"$work/payload"
	: >"$work/signature"
	inside='' in_body=''
	while IFS= read -r line; do
		case $in_body$inside$line in
		'') in_body=b ;;
		gpgsig*) inside=s; printf '%s\n' "${line#* }" >>"$work/signature"; continue ;;
		's '*) printf '%s\n' "${line# }" >>"$work/signature"; continue ;;
		s) in_body=b inside='' ;;
		s*) inside='' ;;
		esac
		printf '%s\n' "$line" >>"$work/payload"
	done <"$work/commit"
	[ -s "$work/signature" ] || return 0
	ssh-keygen -Y verify -f "$work/keys/$keys" -I "$(g log -1 --format=%ae "$1")" -n git \
		-O verify-time="$(date -u -d "@$2" +%Y%m%d%H%M%S)" -s "$work/signature" \
		<"$work/payload" >/dev/null 2>&1
}

check_role() { # commit, path
	may=$(blob "$by" .aswiki/admins)
	if [ -n "$may" ]; then
		extracted "$may"
		if [ -n "$principal" ] && holds "$work/keys/$may" "$principal"; then return; fi
	elif [ -n "$genesis_signer" ] && [ "$principal" = "$genesis_signer" ]; then
		return
	fi
	tampered "ROLE $1 ${principal:-nobody} is no admin and changed $2"
}

# the log entries, quotes and words of customers in a record, each in one line
words_of() {
	item='' deep=0 fences=0
	while IFS= read -r line || [ -n "$line" ]; do
		text=${line#"${line%%[! ]*}"}
		indent=$((${#line} - ${#text}))
		[ "$line" != --- ] || fences=$((fences + 1))
		if [ -n "$item" ] && { [ -z "$text" ] || [ $indent -gt $deep ]; }; then
			[ -z "$text" ] || item="$item|$text"
			continue
		fi
		[ -z "$item" ] || printf '%s\n' "$item"
		item=''
		case $fences$text in
		1'- verbatim:'* | 1'- quote:'*) item=$text deep=$((indent + 2)) ;;
		1verbatim:* | 1quote:*) item=$text deep=$indent ;;
		1*[{\ ]verbatim:\ * | 1*[{\ ]quote:\ *) inline_words "$text" ;;
		1*) ;;
		*'- '[0-9][0-9][0-9][0-9]-*) [ $indent -gt 0 ] || item=$text deep=0 ;;
		esac
	done
	[ -z "$item" ] || printf '%s\n' "$item"
}
inline_words() { # a line: the quotes and words in its braces
	for name in verbatim quote; do
		rest=$1
		while :; do
			case $rest in
			*[{\ ]$name:\ *) rest=${rest#*[\{ ]"$name": } ;;
			*) break ;;
			esac
			one=${rest%%, [a-z]*: *}
			printf '%s: %s\n' "$name" "${one%%\}*}"
		done
	done
}
is_retired() { # a record: whether it is a tombstone
	fences=0 status='' why=''
	while IFS= read -r line; do
		case $line in
		---) fences=$((fences + 1)); [ $fences -lt 2 ] || break ;;
		'status: retired') status=1 ;;
		retired:*) why=1 ;;
		esac
	done
	[ -n "$status$why" ] && [ -n "$status" ] && [ -n "$why" ]
}
check_words() { # code, commit, path, what it was before, what it is: no entry is gone or another
	g cat-file blob "$4" >"$work/old" 2>/dev/null || return
	g cat-file blob "$5" >"$work/new" 2>/dev/null || return
	words_of <"$work/old" | sort >"$work/old.words"
	words_of <"$work/new" | sort >"$work/new.words"
	comm -23 "$work/old.words" "$work/new.words" >"$work/gone"
	[ -s "$work/gone" ] || return
	if is_retired <"$work/old" || is_retired <"$work/new"; then return; fi
	tampered "$1 $2 $3 lost an entry: $(head -n 1 "$work/gone")"
}
kind_and_body() { # path, object: what a record must keep under another name
	kind=${1#"$folder"}
	case $kind in
	customers/*/*/*) kind=${kind%/*}; kind=${kind##*/} ;;
	customers/*) kind=${kind##*/} ;;
	*) kind=${kind%%/*} ;;
	esac
	g cat-file blob "$2" >"$work/old" 2>/dev/null
	number=0 body=1
	while IFS= read -r line; do
		number=$((number + 1))
		if [ $number -eq 1 ] && [ "$line" != --- ]; then break; fi
		if [ $number -gt 1 ] && [ "$line" = --- ]; then body=$((number + 1)); break; fi
	done <"$work/old"
	printf '%s %s\n' "$kind" "$(tail -n "+$body" "$work/old" | sha256)"
}
check_name() { # commit, path: a name that is possible on every system
	rest=$(printf %s "${2#"$folder"}" | tr A-Z a-z)/
	while [ -n "$rest" ]; do
		one=${rest%%/*} rest=${rest#*/}
		case $one in
		con | con.* | prn | prn.* | aux | aux.* | nul | nul.* | 'conin$'* | 'conout$'*) ;;
		com[0-9] | com[0-9].* | lpt[0-9] | lpt[0-9].* | .git | .git[\ .]* | 'git~'[0-9]*) ;;
		*. | *' ' | *[\<\>:\|?*]*) ;;
		*)
			is_odd "$one" || is_decomposed "$one" || continue ;;
		esac
		tampered "COLLIDE $1 no system can hold, or not every one: $2"
		return
	done
}
is_decomposed() { # whether a letter of ASCII and its accent are two signs
	case $1 in *[![:print:]]*) ;; *) return 1 ;; esac
	case $(printf %s "$1" | od -An -v -tx1 | tr -d '\n') in
	*' '[67][0-9a-f]' cc '* | *' '[67][0-9a-f]' cd '[89a]*) return 0 ;;
	esac
	return 1
}

check_contents() { # commit
	: >"$work/changed"
	: >"$work/left"
	: >"$work/came"
	added='' aside=''
	g diff-tree --root -r --no-renames --no-commit-id --raw --no-abbrev "$1" -- \
		${folder:+"$folder"} >"$work/raw"
	while IFS=' ' read -r _old mode was is status_path; do
		status=${status_path%%	*}
		path=${status_path#*	}
		case $path in
		\"*) tampered "MODE $1 the name of a file holds what no name may: $path"; continue ;;
		"$folder".aswiki/anchors/* | "$folder".aswiki/ltv/*) ;;
		*) aside=1 ;;
		esac
		if is_ours "$path"; then
			case $mode in
			100644 | 000000) ;;
			*) tampered "MODE $1 $path is no plain file" ;;
			esac
			if [ "$status" = A ]; then added=1; check_name "$1" "$path"; fi
		fi
		if is_policy "$path" && [ -n "$keys" ] && [ -n "$first_parent" ]; then
			if [ -n "$sig" ] || [ "$by" != "$1" ]; then check_role "$1" "$path"; fi
		fi
		is_record "$path" || continue
		digest=$(g cat-file blob "$is" 2>/dev/null | sha256)
		printf '%s sha256:%s\n' "$(reference "$path")" "$digest" >>"$work/changed"
		case $status in
		M) check_words DELETED "$1" "$path" "$was" "$is" ;;
		D) kind_and_body "$path" "$was" >>"$work/left" ;;
		A) kind_and_body "$path" "$is" >>"$work/came" ;;
		esac
	done <"$work/raw"
	if [ -s "$work/left" ]; then
		case $op in rename | undo) ;; *) : >"$work/came" ;; esac
		sort "$work/left" >"$work/left.sorted"
		sort "$work/came" | comm -23 "$work/left.sorted" - >"$work/gone"
		[ ! -s "$work/gone" ] || tampered "DELETED $1 a record is gone and left no tombstone"
	fi
	if [ -n "$added" ]; then check_spellings "$1"; fi
	if [ -n "$op" ] && [ -z "$several" ] && [ -z "$by_host" ]; then check_named "$1"; fi
	[ "$op" != anchor ] || [ -n "$aside" ] || echo "$1" >>"$work/anchoring"
}
check_spellings() { # commit: no two names differ in capitals alone
	g ls-tree -r -t --name-only "$1" -- "${folder}customers" "${folder}lessons" \
		"${folder}products" "${folder}.aswiki" | tr A-Z a-z | sort | uniq -d >"$work/twice"
	[ ! -s "$work/twice" ] || tampered "COLLIDE $1 two names are one: $(head -n 1 "$work/twice")"
}
check_named() { # commit: the records changed are exactly those that its message names
	sort "$work/changed" >"$work/sorted"
	: >"$work/named"
	while IFS= read -r line; do
		case $line in
		'Aswiki-Record: '*) printf '%s\n' "${line#Aswiki-Record: }" >>"$work/named" ;;
		'Aswiki-Records: '*)
			all="$(wc -l <"$work/sorted") sha256:$(sha256 <"$work/sorted")"
			if [ "${all# }" = "${line#Aswiki-Records: }" ]; then
				cat "$work/sorted" >>"$work/named"
			else
				echo "$line" >>"$work/named"
			fi ;;
		esac
	done <"$work/trailers"
	if [ "$(sort "$work/named" | sha256)" != "$(sha256 <"$work/sorted")" ]; then
		tampered "CONTENT $1 the records changed are not those its trailers name"
	fi
}

# what the commits of one side touched, and the former names of the records they renamed
read_side() { # the side, the other, number
	g log --format= --name-only --no-renames -m "$2..$1" -- ${folder:+"$folder"} |
		sort -u >"$work/touched$3"
	g rev-list --no-merges --topo-order --reverse "$2..$1" >"$work/side"
	: >"$work/own"
	while IFS= read -r each; do
		old='' new=''
		g diff-tree -r --no-renames --no-commit-id --name-status "$each" -- \
			${folder:+"$folder"} >"$work/names"
		while IFS='	' read -r status path; do
			is_record "$path" || continue
			case $status in
			D) if [ -z "$old" ]; then old=$path; else old=/; fi ;;
			A) if [ -z "$new" ]; then new=$path; else new=/; fi ;;
			esac
		done <"$work/names"
		case $old$new in
		*//* | '') ;;
		*) [ -z "$old" ] || [ -z "$new" ] || [ "$old" = / ] || [ "$new" = / ] ||
			renamed "$old" "$new" ;;
		esac
	done <"$work/side"
	while IFS= read -r new && IFS= read -r old; do
		if [ "$new" != "$old" ] && was_known "$old"; then
			printf '%s\n%s\n' "$new" "$old" >>"$work/former"
		fi
	done <"$work/own"
}
renamed() { # old, new: one more step from the name that a record had when its side began
	: >"$work/rest"
	from=$1
	while IFS= read -r to && IFS= read -r early; do
		if [ "$to" = "$1" ]; then from=$early; else printf '%s\n%s\n' "$to" "$early" >>"$work/rest"; fi
	done <"$work/own"
	printf '%s\n%s\n' "$2" "$from" >>"$work/rest"
	cat "$work/rest" >"$work/own"
}
was_known() { # path: whether it was there where the sides parted; else it is a record of one side
	for parting in $partings; do
		if at "$parting" "$1" >"$work/err"; then return; fi
	done
	return 1
}
former() { # the name that a path had on the other side; itself where it had none
	while IFS= read -r new && IFS= read -r old; do
		if [ "$new" = "$1" ]; then printf '%s\n' "$old"; return; fi
	done <"$work/former"
	printf '%s\n' "$1"
}
at() { g rev-parse --quiet --verify "$1:$2" 2>/dev/null; } # the object of a path in a commit
was_at() { # parent, path, former path: the object, under its former name where it has been renamed
	at "$1" "$2" || at "$1" "$3"
}
check_merge() { # commit: nothing made up, no entry and no record of either side lost
	set -- "$1" $parents
	[ $# -eq 3 ] || { tampered "EVILMERGE $1 has more than two parents"; return; }
	: >"$work/former"
	partings=$(g rev-list --boundary "$2...$3" | while IFS= read -r line; do
		case $line in -*) printf '%s\n' "${line#-}" ;; esac
	done)
	read_side "$2" "$3" 1
	read_side "$3" "$2" 2
	for parent in "$2" "$3"; do
		g diff-tree -r --no-renames --name-only "$parent" "$1" -- ${folder:+"$folder"}
	done | sort -u >"$work/paths"
	: >"$work/changed"
	while IFS= read -r path; do
		old=$(former "$path") result=$(at "$1" "$path")
		first=$(was_at "$2" "$path" "$old") second=$(was_at "$3" "$path" "$old")
		sides=''
		for number in 1 2; do
			if holds "$work/touched$number" "$path" || holds "$work/touched$number" "$old"; then
				sides=$sides$number
			fi
		done
		case $sides in
		'') tampered "EVILMERGE $1 changed $path, which neither side did" ;;
		1) [ "$result" = "$first" ] || tampered "EVILMERGE $1 $path is not as its one side has it" ;;
		2) [ "$result" = "$second" ] || tampered "EVILMERGE $1 $path is not as its one side has it" ;;
		12) check_joined "$@" ;;
		esac
		[ "$result" != "$(at "$2" "$path")" ] && [ "$result" != "$(at "$3" "$path")" ] || continue
		if is_policy "$path" && [ -n "$keys" ] && [ "$by" != "$1" ]; then check_role "$1" "$path"; fi
		if is_record "$path"; then
			digest=$(: | sha256)
			[ -z "$result" ] || digest=$(g cat-file blob "$result" | sha256)
			printf '%s sha256:%s\n' "$(reference "$path")" "$digest" >>"$work/changed"
		fi
	done <"$work/paths"
	if [ "$op" = merge ]; then check_named "$1"; fi
}
check_joined() { # commit, its parents: a file that both sides changed
	if [ -z "$result" ]; then
		while IFS= read -r _new && IFS= read -r gone; do
			[ "$gone" != "$path" ] || return
		done <"$work/former"
		tampered "EVILMERGE $1 lost $path"
		return
	fi
	for object in $first $second; do g cat-file blob "$object"; echo; done |
		sort -u >"$work/known"
	g cat-file blob "$result" | sort -u | comm -23 - "$work/known" >"$work/gone"
	[ ! -s "$work/gone" ] ||
		tampered "EVILMERGE $1 holds a line of neither side: $(head -n 1 "$work/gone")"
	is_record "$path" || return
	for object in $first $second; do check_words EVILMERGE "$1" "$path" "$object" "$result"; done
}

root=$(g rev-list --first-parent --max-parents=0 "$said")
genesis=$(g log --first-parent --diff-filter=A --no-renames --format=%H "$said" -- \
	"${folder}aswiki.toml" | tail -n 1)
genesis=${genesis:-$root}
signed='' genesis_key='' genesis_signer=''
g cat-file commit "$genesis" >"$work/commit"
read_commit <"$work/commit"
if [ -n "$sig" ] && [ -n "$(blob "$genesis" .aswiki/allowed_signers)" ]; then signed=1; fi
g rev-list --topo-order --reverse "$said" --not "$genesis^@" >"$work/commits"
count=0 unsigned=0 outside=0 merged=0 recommitted=0 now=$(date +%s)
: >"$work/anchoring"
while IFS= read -r commit; do
	count=$((count + 1))
	g cat-file commit "$commit" >"$work/commit"
	read_commit <"$work/commit"
	[ -z "$header" ] || tampered "HEADER $commit has headers that do not belong in a commit"
	[ -z "$inject" ] || tampered "INJECT $commit says more, or other, than one operation can"
	eval "t_$commit=$when"
	first_parent=${parents# }
	first_parent=${first_parent%% *}
	principal='' print=''
	if [ "$commit" = "$genesis" ]; then
		first_parent=''
	elif [ -z "$first_parent" ]; then
		tampered "ROOT $commit is a second beginning"
	fi
	case $parents in
	' '*' '*) ;;
	*)
		if [ -n "$folder" ] && [ "$commit" != "$genesis" ] &&
			g diff-tree --root --quiet "$commit" -- "$folder"; then continue; fi ;;
	esac
	find_keys "$commit"
	if [ -n "$sig" ] && [ -n "$keys" ]; then
		check_signature "$commit"
		if [ "$commit" = "$genesis" ]; then genesis_key=$print genesis_signer=$principal; fi
	elif [ -n "$signed" ]; then
		tampered "UNSIGNED $commit comes after a signed beginning and is not signed by a key of then"
	else
		unsigned=$((unsigned + 1))
	fi
	if [ -n "$squash" ] || { [ -n "$again" ] && [ -n "$op$several" ]; }; then
		recommitted=$((recommitted + 1))
	elif [ -z "$op" ]; then
		case $parents in ' '*' '*) ;; *) outside=$((outside + 1)) ;; esac
	fi
	case $tool in
	aswiki/*' demo') ;;
	*) [ "$when" -le $((now + 300)) ] || tampered "POSTDATED $commit says it is of the future" ;;
	esac
	for parent in $parents; do
		eval "before=\${t_$parent:-0}"
		if [ "$when" -lt $((before - 300)) ]; then
			tampered "BACKDATED $commit says it is older than the commit before it"
		fi
	done
	case $parents in
	' '*' '*)
		check_merge "$commit"
		if [ "$op" != merge ]; then merged=$((merged + 1)); fi ;;
	*) check_contents "$commit" ;;
	esac
done <"$work/commits"
good "SIG $count commits read, $unsigned of them not signed"
[ $unsigned -eq 0 ] || incomplete "UNSIGNED $unsigned commits are not signed"
[ $outside -eq 0 ] || incomplete "OUTSIDE $outside commits were not made by aswiki"
[ $merged -eq 0 ] || incomplete "HOSTMERGE $merged merges were not made by aswiki"
[ $recommitted -eq 0 ] || incomplete "RECOMMITTED $recommitted commits were committed again later"
if [ -n "$key" ]; then
	if [ -n "$signed" ] && [ "$key" = "$genesis_key" ]; then
		good "SIG the first commit is signed by the key you hold, $key"
	else
		tampered "ROOT the first commit is not signed by the key you hold, $key"
	fi
fi
g ls-tree -r "$said" >"$work/tree"
for file in trust/allowed_signers trust/admins trust/tsa/* trust/ltv/*; do
	[ -s "$file" ] || continue
	own=$(g hash-object --no-filters --stdin <"$file")
	found=''
	while IFS=' 	' read -r _mode _kind object _path; do
		[ "$object" != "$own" ] || found=1
	done <"$work/tree"
	[ -n "$found" ] || tampered "PKG $file is no file of the last commit"
done

# --- 4. the anchors: number, chain, signature, contents, time -------------------------------

epoch() { date -u -d "$1" +%s; }
statement_value() { # anchor file, key
	while IFS= read -r line; do
		case $line in
		"$2: "*) printf '%s\n' "${line#*: }"; return ;;
		esac
	done <"$1"
}
anchor_dir=${folder}.aswiki/anchors
g log --format=%H --no-renames --no-merges --diff-filter=MDT "$said" -- \
	"$anchor_dir" "${folder}.aswiki/ltv" >"$work/err"
while IFS= read -r commit; do
	tampered "ANCHORMOD $commit changes or removes an anchor"
done <"$work/err"

# What the settings of that commit name, as when the token was kept: an authority may be given up.
authorities() { # commit
	settings=$(g cat-file blob "$1:${folder}aswiki.toml" 2>/dev/null)
	g ls-tree -r --name-only "$1" ${folder:+"$folder"} | while IFS= read -r path; do
		own=${path#"$folder"}
		case $settings in
		*"\"$own\""* | *"'$own'"*) g cat-file blob "$1:$path" ;;
		esac
	done
}
check_token() { # token, statement, the commit it covers, the commit that holds it
	said_at=$(openssl ts -reply -in "$1" -text 2>/dev/null | while IFS= read -r line; do
		case $line in
		'Time stamp: '*) printf '%s\n' "${line#Time stamp: }" ;;
		esac
	done)
	at=$(epoch "$said_at" 2>/dev/null)
	if [ -z "$said_at" ] || [ -z "$at" ]; then
		tampered "TSA ${1##*/} cannot be read"
		return
	fi
	authorities "$4" >"$work/pinned.pem"
	cat "$work/pinned.pem" trust/tsa/*.pem trust/ltv/*.pem >"$work/chain.pem" 2>/dev/null
	if ! openssl ts -verify -data "$2" -in "$1" -CAfile "${ca:-$work/pinned.pem}" \
		-untrusted "$work/chain.pem" -attime "$at" >"$work/err" 2>&1; then
		tampered "TSA ${1##*/} is not a time stamp of this statement by this authority"
		return
	fi
	good "TSA ${1##*/} $said_at"
	stamped=$3
	if [ "$at" -lt "$newest_at" ]; then covered=''; fi # an authority's clock went back
	newest_at=$at
	g log --format='%ct %H' "$3" --not "$genesis^@" ${covered:+"$covered"} >"$work/times"
	covered=$3 late=0
	while IFS=' ' read -r time one; do
		if [ "$time" -gt $((at + 300)) ]; then
			tampered "POSTDATED $one says it is younger than the time stamp that covers it"
		elif [ "$time" -gt "$at" ] && ! was_allowed "$one" "$at"; then
			tampered "KEYTIME $one was signed with a key that was not allowed by then"
		elif [ "$time" -lt $((at - 604800)) ]; then
			late=$((late + 1))
		fi
	done <"$work/times"
	[ $late -eq 0 ] || incomplete "LAG $late commits waited more than seven days for this time stamp"
	g log --format='%ct %H' --ancestry-path "$4..$said" >"$work/times"
	while IFS=' ' read -r time one; do
		if [ "$time" -lt $((at - 300)) ]; then
			tampered "BACKDATED $one says it is older than the time stamp before it"
		elif [ "$time" -lt "$at" ] && ! was_allowed "$one" "$at"; then
			tampered "KEYTIME $one was signed with a key that was not allowed any more"
		fi
	done <"$work/times"
}

seq=0 previous=$(printf '%064d' 0) previous_commit='' stamped='' pinned='' anchored='' covered='' newest_at=0
g ls-tree --name-only "$said" "$anchor_dir/" 2>/dev/null >"$work/names"
while IFS= read -r path; do
	name=${path##*/}
	g cat-file blob "$said:$path" >"$work/anchors/$name"
done <"$work/names"
for file in "$work/anchors/"[0-9][0-9][0-9][0-9][0-9][0-9].txt; do
	[ -f "$file" ] || continue
	name=${file##*/}
	seq=$((seq + 1))
	if [ "$name" != "$(printf '%06d' $seq).txt" ] || [ "$(statement_value "$file" seq)" != $seq ]; then
		tampered "ANCHORSEQ $name: anchor number $seq is missing"
		break
	fi
	digest=$(sha256 <"$file")
	if [ "$(statement_value "$file" prev)" != "$previous" ]; then
		tampered "ANCHORCHAIN $name does not name the anchor before it"
	fi
	previous=$digest
	commit=$(statement_value "$file" commit)
	signer=$(statement_value "$file" signer)
	held_by=$(g log --format=%H --no-renames --diff-filter=A -m "$said" -- "$anchor_dir/$name" | tail -n 1)
	if ! g merge-base --is-ancestor "$commit" "$held_by" 2>/dev/null; then
		tampered "ANCHORCHAIN $name names a commit that is not in the history before it"
		continue
	fi
	keys=$(blob "$commit" .aswiki/allowed_signers)
	keys_digest=$(: | sha256)
	if [ -n "$keys" ]; then
		extracted "$keys"
		keys_digest=$(sha256 <"$work/keys/$keys")
	fi
	[ -f "${file%.txt}.seed" ] || tampered "ANCHORCHAIN $name lacks what its root was salted with"
	if [ ! -f "$file.sig" ] && [ -z "$signed" ]; then
		incomplete "UNSIGNED $name is not signed, as the beginning is not"
	elif [ -z "$keys" ]; then
		tampered "SIG $name: there is no file of allowed keys"
	else
		at=$(g log -1 --format=%cd --date=format-local:%Y%m%d%H%M%S "$held_by" --)
		if ! ssh-keygen -Y verify -f "$work/keys/$keys" -I "$signer" -n aswiki-anchor \
			-O verify-time="$at" -s "$file.sig" <"$file" >/dev/null 2>&1; then
			tampered "SIG $name is not signed by $signer with an allowed key"
		fi
	fi
	[ "$(statement_value "$file" keys-sha256)" = "$keys_digest" ] ||
		tampered "ANCHORCHAIN $name names other allowed keys"
	[ "$(statement_value "$file" repo-id)" = "$root" ] ||
		tampered "ANCHORCHAIN $name is of another repository"
	[ "$(statement_value "$file" ref)" = "$ref" ] || tampered "REFS $name is of another ref"
	[ "$(statement_value "$file" commits)" = "$(g rev-list --count "$commit")" ] ||
		tampered "ANCHORCHAIN $name counts other commits"
	objects=$(g rev-list --objects --no-object-names "$commit" ${previous_commit:+"^$previous_commit"} |
		sort | g cat-file --batch | sha256)
	known=0
	g ls-tree -r "$commit" ${folder:+"$folder"} >"$work/tree"
	while IFS='	' read -r about path; do
		case $about in 100*) ! is_record "$path" || known=$((known + 1)) ;; esac
	done <"$work/tree"
	[ "$(statement_value "$file" records-count)" = $known ] ||
		tampered "ANCHORCHAIN $name counts other records"
	[ "$(statement_value "$file" objects-sha256)" = "$objects" ] ||
		tampered "ANCHORCHAIN $name: the objects are not those that were anchored"
	previous_commit=$commit
	case " $receipt " in
	*" $digest "*) pinned=$seq ;;
	esac
	for token in "${file%.txt}".*.tsr; do
		[ -f "$token" ] || continue
		holder=$(g log --format=%H --no-renames --diff-filter=A -m "$said" -- \
			"$anchor_dir/${token##*/}" | tail -n 1)
		check_token "$token" "$file" "$commit" "$holder"
	done
	anchored=$commit
done

if [ $seq -eq 0 ]; then
	incomplete 'NOANCHOR there is no anchor: nothing says when any of this was written'
else
	good "ANCHORS $seq, the newest names $anchored"
	[ "$stamped" = "$anchored" ] || incomplete 'NOTSA the newest anchor has no time stamp yet'
	after=0
	g rev-list "$anchored..$said" >"$work/tail"
	while IFS= read -r commit; do
		holds "$work/anchoring" "$commit" || after=$((after + 1))
	done <"$work/tail"
	[ $after -eq 0 ] || incomplete "UNANCHORED $after commits came after the newest anchor"
fi
if [ -n "$receipt" ]; then
	if [ -n "$pinned" ]; then
		good "ANCHORS the receipt you hold is that of anchor $pinned"
	else
		tampered 'ROLLBACK the anchor of the receipt you hold is not in the history'
	fi
fi
[ -n "$head$receipt" ] || incomplete 'NOPIN newer commits may have been dropped: give --receipt or --head'
[ -n "$key" ] || [ -z "$signed" ] || echo "note        whose key $genesis_key is, you must learn elsewhere: give --key"

# --- 5. the verdict -------------------------------------------------------------------------

cat <<'END'

Not proven, by any package: that a record is true; when something before the first anchor was
written; a clock finer than the time between two anchors.
END
if holds "$work/findings" 1; then
	echo 'VERDICT tampered'
	exit 1
elif holds "$work/findings" 5; then
	echo 'VERDICT incomplete'
	exit 5
fi
echo 'VERDICT proven'
exit 0
