#!/bin/sh
# Checks this proof of one record with ssh-keygen, openssl and the coreutils, and nothing else.
#
#   sh VERIFY.sh [--key SHA256:...] [--receipt LINE] [--ca FILE]
#
# --key      the fingerprint of the key that signed the anchor, known from elsewhere
# --receipt  the receipt line of a report that named this anchor, or the 64 hex digits in it
# --ca       the certificate of the time stamp authority, fetched from itself
#
# exit: 0 proven, 1 tampered or invalid, 5 nothing wrong found but incomplete, 4 cannot verify
set -u
LC_ALL=C TZ=UTC
export LC_ALL TZ
umask 077

work=$(mktemp -d) || exit 4
trap 'rm -rf "$work"' EXIT
trap 'exit 4' HUP INT TERM
: >"$work/findings"

key='' receipt='' ca=''
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || { echo "VERIFY.sh: $1 needs a value" >&2; exit 4; }
	case $1 in
	--key) key=$2 ;;
	--receipt) receipt=$2 ;;
	--ca) cat -- "$2" >"$work/ca.pem" || exit 4; ca=$work/ca.pem ;;
	*) echo "VERIFY.sh: there is no option $1" >&2; exit 4 ;;
	esac
	shift 2
done
for tool in ssh-keygen openssl sha256sum basenc; do
	command -v "$tool" >/dev/null || { echo "VERIFY.sh: $tool is missing" >&2; exit 4; }
done
cd -- "$(dirname -- "$0")" || exit 4

tampered() { printf 'TAMPERED    %s\n' "$*"; echo 1 >>"$work/findings"; }
incomplete() { printf 'INCOMPLETE  %s\n' "$*"; echo 5 >>"$work/findings"; }
good() { printf 'ok          %s\n' "$*"; }
sha256() { sha256sum | cut -c1-64; }
bytes() { printf %s "$1" | tr a-f A-F | basenc --base16 --decode; }
value() { # file, key
	while IFS= read -r line; do
		case $line in
		"$2: "*) printf '%s\n' "${line#*: }"; return ;;
		esac
	done <"$1"
}
holds() { # whether a file has exactly this line
	while IFS= read -r each; do
		[ "$each" != "$2" ] || return 0
	done <"$1"
	return 1
}

# --- 1. the files ---------------------------------------------------------------------------

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

# --- 2. from the record to the root that the statement names --------------------------------

digest=$(sha256 <record.md)
[ "$(value proof.txt sha256)" = "$digest" ] || tampered 'CONTENT record.md is another text'
hash=$({
	printf '\000'
	printf '%s %s %s %s\n' "$(value proof.txt salt)" "$digest" "$(value proof.txt commit)" \
		"$(value proof.txt path)"
} | sha256)
place=$(value proof.txt index) last=$(($(value proof.txt size) - 1))
[ "$place" -le "$last" ] || tampered 'ROOT the proof has no such place'
while IFS= read -r line; do
	case $line in
	'left: '* | 'right: '*) ;;
	*) continue ;;
	esac
	while [ "$last" -gt 0 ] && [ $((place % 2)) -eq 0 ] && [ "$place" -eq "$last" ]; do
		place=$((place / 2)) last=$((last / 2))
	done
	side=right
	if [ $((place % 2)) -eq 1 ]; then side=left; fi
	if [ "$last" -eq 0 ] || [ "${line%%: *}" != $side ]; then
		tampered 'ROOT the way does not fit the place of the record'
	fi
	case $side in
	left) hash=$({ printf '\001'; bytes "${line#*: }"; bytes "$hash"; } | sha256) ;;
	right) hash=$({ printf '\001'; bytes "$hash"; bytes "${line#*: }"; } | sha256) ;;
	esac
	place=$((place / 2)) last=$((last / 2))
done <proof.txt
while [ "$last" -gt 0 ] && [ $((place % 2)) -eq 0 ] && [ "$place" -eq "$last" ]; do
	place=$((place / 2)) last=$((last / 2))
done
[ "$last" -eq 0 ] || tampered 'ROOT the way ends before the root'
if [ "$hash" = "$(value statement.txt records-root)" ] &&
	[ "$(value proof.txt size)" = "$(value statement.txt records-count)" ]; then
	good "ROOT $(value proof.txt path) is in the records that the statement names"
else
	tampered 'ROOT the way does not lead to the root that the statement names'
fi

# --- 3. the statement: signature and time ---------------------------------------------------

statement=$(sha256 <statement.txt)
signer=$(value statement.txt signer)
if [ -f statement.txt.sig ]; then
	at=$(date -u -d "$(value statement.txt created)" +%Y%m%d%H%M%S 2>/dev/null)
	print=$(ssh-keygen -Y check-novalidate -n aswiki-anchor -s statement.txt.sig <statement.txt 2>/dev/null)
	print=${print##* }
	if ssh-keygen -Y verify -f allowed_signers -I "$signer" -n aswiki-anchor \
		-O verify-time="$at" -s statement.txt.sig <statement.txt >/dev/null 2>&1; then
		good "SIG the statement is signed by $signer with the key $print"
	else
		tampered "SIG the statement is not signed by $signer with an allowed key"
	fi
	if [ -n "$key" ] && [ "$key" = "$print" ]; then
		good "SIG it is the key you hold"
	elif [ -n "$key" ]; then
		tampered "SIG the statement is not signed by the key you hold, $key"
	fi
else
	incomplete 'UNSIGNED the statement is not signed'
	[ -z "$key" ] || tampered "SIG the statement is not signed by the key you hold, $key"
fi

cat tsa/*.pem >"$work/shipped.pem" 2>/dev/null
stamped=0
for token in statement.*.tsr; do
	[ -f "$token" ] || continue
	said=$(openssl ts -reply -in "$token" -text 2>/dev/null | while IFS= read -r line; do
		case $line in
		'Time stamp: '*) printf '%s\n' "${line#Time stamp: }" ;;
		esac
	done)
	at=$(date -u -d "$said" +%s 2>/dev/null)
	if [ -n "$said" ] && [ -n "$at" ] && openssl ts -verify -data statement.txt -in "$token" \
		-CAfile "${ca:-$work/shipped.pem}" -untrusted "$work/shipped.pem" -attime "$at" \
		>"$work/err" 2>&1; then
		good "TSA the statement, and with it the record, existed no later than $said ($token)"
		stamped=$((stamped + 1))
	else
		tampered "TSA $token is not a time stamp of this statement by this authority"
	fi
done
[ $stamped -gt 0 ] || incomplete 'NOTSA the statement has no time stamp'
case " $receipt " in
'  ') [ -n "$key" ] || incomplete "NOPIN all of it is the sender's own word: give --key or --receipt" ;;
*" $statement "*) good 'ANCHORS it is the statement of the receipt you hold' ;;
*) tampered 'ROLLBACK it is not the statement of the receipt you hold' ;;
esac

# --- 4. the verdict -------------------------------------------------------------------------

cat <<'END'

Not proven, by any proof: that the record is true; that there is no later form of it; anything of
other records.
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
