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

blob() { g rev-parse --quiet --verify "$1:$folder$2" 2>/dev/null; }
extracted() { [ -f "$work/keys/$1" ] || g cat-file blob "$1" >"$work/keys/$1"; }
is_record() {
	case $1 in
	"$folder"customers/*/files/*) return 1 ;;
	"$folder"customers/*.md | "$folder"lessons/*.md | "$folder"products/*.md) return 0 ;;
	esac
	return 1
}
is_policy() {
	case $1 in
	"$folder".aswiki/anchors/* | "$folder".aswiki/ltv/*) return 1 ;;
	"$folder".aswiki/* | "$folder"aswiki.toml | .gitattributes | */.gitattributes) return 0 ;;
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

# reads a raw commit: sets parents, author, committer, when, sig, header; trailers go to a file
read_commit() {
	parents='' author='' committer='' sig='' header='' stage=0 in_body='' op='' above='' inject=''
	: >"$work/trailers"
	while IFS= read -r line; do
		if [ -n "$in_body" ]; then
			case $line in
			'') if [ "$above" = ours ]; then inject=1; fi; above=''; : >"$work/trailers"; continue ;;
			Aswiki-[A-Z]*:*) above=ours ;;
			esac
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
	again=''
	[ "$author" = "$committer" ] || again=1
	when=${committer% *}
	when=${when##* }
	while IFS= read -r line; do
		case $line in
		'Aswiki-Op: '*) op=${line#Aswiki-Op: } ;;
		esac
	done <"$work/trailers"
}

check_signature() { # commit, the commit whose file says which keys are allowed
	keys=$(blob "$2" .aswiki/allowed_signers)
	if [ -z "$keys" ] && [ -z "$signed" ]; then
		keys=$(blob "$1" .aswiki/allowed_signers) # whoever begins to sign brings the file
	fi
	if [ -z "$keys" ]; then
		tampered "SIG $1 there is no file of allowed keys before it"
		return
	fi
	extracted "$keys"
	g -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$work/keys/$keys" \
		log -1 --format='%G?%n%GF%n%GS' "$1" -- >"$work/said" 2>/dev/null
	{ IFS= read -r mark; IFS= read -r print; IFS= read -r principal; } <"$work/said"
	if [ "$mark" != G ]; then
		tampered "SIG $1 its signature is not one of an allowed key ($mark)"
	elif ! g -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$work/keys/$keys" \
		verify-commit "$1" >/dev/null 2>&1; then
		tampered "SIG $1 git verify-commit refuses it"
	fi
	email=${author##*<}
	email=${email%%>*}
	if [ "${author% * *}" != "${committer% * *}" ]; then
		tampered "IDENT $1 author and committer are not the same"
	elif [ "$principal" != "$email" ]; then
		tampered "IDENT $1 signed by $principal, and its author is $email"
	fi
}

check_entries() { # commit, path: no entry of the log is gone, none is another
	g diff-tree --root --no-renames --no-commit-id -U0 -p "$1" -- "$2" >"$work/lines"
	while IFS= read -r gone; do
		case $gone in
		'-- '[0-9][0-9][0-9][0-9]-*) ;;
		*) continue ;;
		esac
		kept=''
		while IFS= read -r new; do
			case ${new#+} in
			"${gone#-}"*) kept=1 ;;
			esac
		done <"$work/lines"
		[ -n "$kept" ] || tampered "DELETED $1 $2 lost an entry: ${gone#-}"
	done <"$work/lines"
}

check_contents() { # commit
	: >"$work/changed"
	g diff-tree --root -r --no-renames --no-commit-id --raw --no-abbrev "$1" -- >"$work/raw"
	while IFS=' ' read -r _old mode _was _is status_path; do
		status=${status_path%%	*}
		path=${status_path#*	}
		case $path in
		\"*) tampered "MODE $1 the name of a file holds what no name may: $path"; continue ;;
		"$folder"customers/* | "$folder"lessons/* | "$folder"products/*)
			case $mode in
			100644 | 000000) ;;
			*) tampered "MODE $1 $path is no plain file" ;;
			esac ;;
		esac
		if is_policy "$path" && [ -n "$signed" ] && [ -n "$first_parent" ]; then
			may=$(blob "$first_parent" .aswiki/admins)
			if [ -n "$may" ]; then
				extracted "$may"
				holds "$work/keys/$may" "$principal" ||
					tampered "ROLE $1 $principal is no admin and changed $path"
			elif [ "$principal" != "$genesis_signer" ]; then
				tampered "ROLE $1 $principal is no admin and changed $path"
			fi
		fi
		is_record "$path" || continue
		digest=$(g cat-file blob "$1:$path" 2>/dev/null | sha256)
		printf '%s sha256:%s\n' "$(reference "$path")" "$digest" >>"$work/changed"
		if [ "$status" = M ] && [ "$op" != retire ] && [ "$op" != undo ]; then check_entries "$1" "$path"; fi
		if [ "$status" = D ] && [ -n "$op" ]; then
			case $op in
			rename | undo) ;;
			*) tampered "DELETED $1 $path is gone, and the operation is $op" ;;
			esac
		elif [ "$status" = D ]; then
			tampered "DELETED $1 $path is gone without a trace"
		fi
	done <"$work/raw"
	[ -n "$op" ] || return
	sort "$work/changed" >"$work/sorted"
	: >"$work/named"
	while IFS= read -r line; do
		case $line in
		'Aswiki-Record: '*) printf '%s\n' "${line#Aswiki-Record: }" >>"$work/named" ;;
		'Aswiki-Records: '*)
			all="$(wc -l <"$work/sorted") sha256:$(sha256 <"$work/sorted")"
			if [ "${all# }" = "${line#Aswiki-Records: }" ]; then cat "$work/sorted" >>"$work/named"; fi ;;
		esac
	done <"$work/trailers"
	if [ "$(sort "$work/named" | sha256)" != "$(sha256 <"$work/sorted")" ]; then
		tampered "CONTENT $1 the records changed are not those its trailers name"
	fi
}

check_merge() { # commit: nothing made up, no entry and no record of either side lost
	g diff-tree -c -p --no-commit-id --no-renames "$1" >"$work/raw"
	while IFS= read -r line; do
		case $line in
		'+++ '* | '--- '*) ;;
		++*) tampered "EVILMERGE $1 holds a line of neither side: ${line#++}"; break ;;
		esac
	done <"$work/raw"
	set -- "$1" $parents
	[ $# -eq 3 ] || { tampered "EVILMERGE $1 has more than two parents"; return; }
	base=$(g merge-base "$2" "$3" 2>/dev/null)
	for side in "$2 $3" "$3 $2"; do
		ours=${side% *} theirs=${side#* }
		g diff-tree -r --no-renames --name-status "$ours" "$1" -- >"$work/names"
		while IFS='	' read -r status path; do
			is_record "$path" && [ "$status" = D ] || continue
			if [ -n "$base" ] && g cat-file -e "$base:$path" 2>/dev/null &&
				! g cat-file -e "$theirs:$path" 2>/dev/null; then continue; fi
			tampered "EVILMERGE $1 lost $path"
		done <"$work/names"
		g diff-tree -r --no-renames --diff-filter=M -U0 -p "$ours" "$1" -- >"$work/raw"
		while IFS= read -r line; do
			case $line in
			'-- '[0-9][0-9][0-9][0-9]-*) tampered "EVILMERGE $1 lost an entry: ${line#-}" ;;
			esac
		done <"$work/raw"
	done
}

root=$(g rev-list --first-parent --max-parents=0 "$said")
genesis=$(g log --first-parent --diff-filter=A --no-renames --format=%H "$said" -- \
	"${folder}aswiki.toml" | tail -n 1)
genesis=${genesis:-$root}
g rev-list --topo-order --reverse "$said" --not "$genesis^@" >"$work/commits"
count=0 signed='' genesis_key='' genesis_signer='' unsigned=0 outside=0 merged=0 recommitted=0 now=$(date +%s)
while IFS= read -r commit; do
	count=$((count + 1))
	g cat-file commit "$commit" >"$work/commit"
	read_commit <"$work/commit"
	[ -z "$header" ] || tampered "HEADER $commit has headers that do not belong in a commit"
	eval "t_$commit=$when"
	first_parent=${parents# }
	first_parent=${first_parent%% *}
	principal=''
	[ -z "$inject" ] || tampered "INJECT $commit names an operation above its last lines"
	if [ "$commit" = "$genesis" ]; then
		signed=$sig first_parent=''
	elif [ -z "$first_parent" ]; then
		tampered "ROOT $commit is a second beginning"
	fi
	if [ -n "$sig" ]; then
		check_signature "$commit" "${first_parent:-$commit}"
		if [ "$commit" = "$genesis" ]; then genesis_key=${print:-} genesis_signer=$principal; fi
	elif [ -n "$signed" ]; then
		tampered "UNSIGNED $commit comes after a signed beginning and is not signed"
	else
		unsigned=$((unsigned + 1))
	fi
	if [ -n "$again" ] && [ -n "$op" ]; then recommitted=$((recommitted + 1)); fi
	if [ "$when" -gt $((now + 300)) ]; then tampered "POSTDATED $commit says it is of the future"; fi
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
	*)
		check_contents "$commit"
		if [ -z "$op" ]; then outside=$((outside + 1)); fi ;;
	esac
done <"$work/commits"
good "SIG $count commits read, $((count - unsigned)) of them signed"
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
mine=$(blob "$said" .aswiki/allowed_signers)
if [ -n "$mine" ] && [ "$(g cat-file blob "$mine" | sha256)" != "$(sha256 <trust/allowed_signers)" ]; then
	tampered 'PKG trust/allowed_signers is not the file of the last commit'
fi

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
g log --format=%H --no-renames --diff-filter=MDT -m "$said" -- "$anchor_dir" >"$work/err"
while IFS= read -r commit; do
	tampered "ANCHORMOD $commit changes or removes an anchor"
done <"$work/err"

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
	cat trust/tsa/*.pem >"$work/shipped.pem" 2>/dev/null
	cat trust/tsa/*.pem trust/ltv/*.pem >"$work/chain.pem" 2>/dev/null
	if ! openssl ts -verify -data "$2" -in "$1" -CAfile "${ca:-$work/shipped.pem}" \
		-untrusted "$work/chain.pem" -attime "$at" >"$work/err" 2>&1; then
		tampered "TSA ${1##*/} is not a time stamp of this statement by this authority"
		return
	fi
	good "TSA ${1##*/} $said_at"
	stamped=$3
	g log --format='%ct %H' "$3" --not "$genesis^@" ${covered:+"$covered"} >"$work/times"
	covered=$3 late=0
	while IFS=' ' read -r time one; do
		if [ "$time" -gt $((at + 300)) ]; then
			tampered "POSTDATED $one says it is younger than the time stamp that covers it"
		elif [ "$time" -lt $((at - 604800)) ]; then
			late=$((late + 1))
		fi
	done <"$work/times"
	[ $late -eq 0 ] || incomplete "LAG $late commits waited more than seven days for this time stamp"
	g log --format='%ct %H' --ancestry-path "$4..$said" >"$work/times"
	while IFS=' ' read -r time one; do
		if [ "$time" -lt $((at - 300)) ]; then
			tampered "BACKDATED $one says it is older than the time stamp before it"
		fi
	done <"$work/times"
}

seq=0 previous=$(printf '%064d' 0) previous_commit='' stamped='' pinned='' anchored='' covered=''
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
	if [ -n "$keys" ]; then
		extracted "$keys"
		keys_digest=$(sha256 <"$work/keys/$keys")
		at=$(g log -1 --format=%cd --date=format-local:%Y%m%d%H%M%S "$held_by" --)
		if ! ssh-keygen -Y verify -f "$work/keys/$keys" -I "$signer" -n aswiki-anchor \
			-O verify-time="$at" -s "$file.sig" <"$file" >/dev/null 2>&1; then
			tampered "SIG $name is not signed by $signer with an allowed key"
		fi
	else
		keys_digest=$(: | sha256)
		[ -z "$signed" ] || tampered "SIG $name: there is no file of allowed keys"
		incomplete "UNSIGNED $name: there is no file of allowed keys to check it with"
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
		g log -1 --format=%B "$commit" >"$work/trailers"
		holds "$work/trailers" 'Aswiki-Op: anchor' || after=$((after + 1))
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
