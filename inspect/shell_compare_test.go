package inspect

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// shellCase is a script that is run by the real shells, and followed. Where it
// is not said to be unsure, the one start that is found has to be that of the
// shell, word by word.
type shellCase struct {
	name, script string
	environment  map[string]string
	arguments    []string
	files        map[string]string
	// unsure says that something of it is not known: then what the shell did has
	// to be one of the starts, with anything in the place of a mark.
	unsure bool
	only   dialect // "" both
	// nothing says that it starts no server.
	nothing bool
	// waits says that the script waits for a server: the stub stops it, its parent.
	waits bool
}

// stub stands for a server: it prints its arguments, each with a NUL behind it,
// and the conf that it is given. What it does not print, no server got.
const stub = `#!/bin/sh
{
  for word in "$@"; do printf '%s\0' "$word"; done
  printf '\1'
  case $1 in -*) ;; *) [ -f "$1" ] && cat "$1" ;; esac
  printf '\2'
} >> "$STUB_OUT"
case " $* " in *" --daemonize yes "*) exit 0 ;; esac
[ -z "$STUB_STOPS" ] || kill -9 $PPID
exit 0
`

var shellCases = []shellCase{
	{name: "a plain server", script: `exec redis-server --port 7000 --save ""`},
	{name: "quotes and escapes", script: `exec redis-server --requirepass 'a "b' --x "c \$d \\ \" e" --y f\ g\"h`},
	{name: "blanks in a value", script: `exec redis-server x$P "x$P" --v $P "$P"`, environment: map[string]string{"P": "a  b c"}},
	{name: "a value that begins and ends with blanks", script: `exec redis-server x$P y`, environment: map[string]string{"P": " a b "}},
	{name: "an empty value is no word", script: `exec redis-server $P "$P" ""$P end`, environment: map[string]string{"P": ""}},
	{name: "an alternative with quotes inside", script: `exec redis-server --port 1 ${P:+--requirepass "$P"} end`, environment: map[string]string{"P": "a  b"}},
	{name: "an alternative of nothing", script: `exec redis-server --port 1 ${P:+--requirepass "$P"} end`, environment: map[string]string{"P": ""}},
	{name: "a default of several words", script: `exec redis-server ${F:---port 7 --x "a b"} end`, environment: map[string]string{"F": ""}},
	{name: "a default in quotes", script: `exec redis-server "${F:-a  b}" "${F-c}"`, environment: map[string]string{"F": ""}},
	{name: "a default that is assigned", script: `: ${F:=7000}; : "${G:=a b}"; exec redis-server --port $F "$G"`, environment: map[string]string{"F": "", "G": ""}},
	{name: "false and true", script: `false && exec redis-server --port 1; true || exec redis-server --port 2; exec redis-server --port 3`},
	{name: "an empty variable in a test", script: `[ -n "$P" ] && A="--requirepass $P"; exec redis-server --port 1 $A`, environment: map[string]string{"P": "", "A": ""}},
	{name: "a filled variable in a test", script: `[ -n "$P" ] && A="--requirepass $P"; exec redis-server --port 1 $A`, environment: map[string]string{"P": "x", "A": ""}},
	{name: "or after a test", script: `A=1; [ -n "$P" ] || A=7; exec redis-server --port $A`, environment: map[string]string{"P": "x"}},
	{name: "or after a test that fails", script: `A=1; [ -n "$P" ] || A=7; exec redis-server --port $A`, environment: map[string]string{"P": ""}},
	{name: "if, elif and else", script: "if [ \"$M\" = a ]; then P=1; elif [ \"$M\" = b ]; then P=2; else P=3; fi\nexec redis-server --port $P", environment: map[string]string{"M": "b"}},
	{name: "a case", script: "case \"$M\" in dev|test) P=1 ;; prod*) P=2 ;; *) P=3 ;; esac\nexec redis-server --port $P", environment: map[string]string{"M": "production"}},
	{name: "a case that matches nothing", script: "P=9; case $M in a) P=1 ;; 'b*') P=2 ;; esac; exec redis-server --port $P", environment: map[string]string{"M": "bc"}},
	{name: "arguments", script: `exec redis-server "$@" $# "$1"`, arguments: []string{"--a", "b c", ""}},
	{name: "arguments without quotes", script: `exec redis-server $@ x`, arguments: []string{"--a", "b c", ""}},
	{name: "arguments in one word", script: `exec redis-server "$*" "a$@b"`, arguments: []string{"1", "2 3"}},
	{name: "no arguments", script: `exec redis-server "$@" end`},
	{name: "arguments that are set", script: `set -- --port 1 "$@"; set -- "$@" --x 'y z'; exec redis-server "$@"`, arguments: []string{"--a b"}},
	{name: "shift", script: `A=$1; shift; B=$1; shift; exec redis-server --port "$B" "$A" "$@"`, arguments: []string{"1", "2", "3 4"}},
	{name: "options in a loop", script: "while [ $# -gt 0 ]; do case $1 in --p) P=$2; shift ;; --q) Q=yes ;; esac; shift; done; exec redis-server --port $P --q $Q", arguments: []string{"--p", "5", "--q"}},
	{name: "the first argument is an option", script: "if [ \"${1#-}\" != \"$1\" ] || [ \"${1%.conf}\" != \"$1\" ]; then set -- redis-server \"$@\"; fi; exec \"$@\"", arguments: []string{"--port", "1"}},
	{name: "patterns taken away", script: `F=/etc/a.b.conf; exec redis-server "${F##*/}" "${F%/*}" "${F%%.*}" "${F#*.}" "${#F}"`},
	{name: "arithmetic", script: `M=100; exec redis-server --maxmemory $((M * 80 / 100))mb --n $(( 1 + 2 * 3 )) --m $((-M))`},
	{name: "a counting loop", script: `i=0; A=; while [ $i -lt 3 ]; do A="$A --n$i"; i=$((i+1)); done; exec redis-server $A`},
	{name: "a loop over words", script: `A=; for i in a "b c" $W; do A="$A $i"; done; exec redis-server --x "$A"`, environment: map[string]string{"W": "d e"}},
	{name: "break and continue", script: `A=; for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; A=$A$i; done; exec redis-server --x "$A"`},
	{name: "a function", script: "start() { exec redis-server --port \"$1\" \"$@\"; }\nP=1\nstart $P 2 '3 4'"},
	{name: "a function that sets", script: "f() { X=$1; return 3; X=9; }\nf 5 || Y=no\nexec redis-server --x $X --y $Y --z $#"},
	{name: "a subshell keeps its variables", script: `A=1; (A=2; cd /); { B=3; }; exec redis-server $A $B "$(pwd | wc -l | tr -d ' ')"`, unsure: true},
	{name: "a substitution", script: `P=$(printf '%s' 70; echo 00); exec redis-server --port "$P" --x $(echo a b) "$(echo "c  d")"`},
	{name: "a substitution of a file", script: `exec redis-server --requirepass "$(cat pw)" $(cat pw)`, files: map[string]string{"pw": "a b\n\n"}},
	{name: "backquotes", script: "exec redis-server --x `echo a` \"`echo \\\"b c\\\"`\""},
	{name: "a here-document", script: "cat > r.conf <<EOF\nport $P\n# \\$P `echo x` \"q\" \\\"\nrequirepass \"a\\\\b\"\nEOF\nexec redis-server r.conf", environment: map[string]string{"P": "7"}},
	{name: "a quoted here-document", script: "cat > r.conf <<'EOF'\nport $P\n\\$P\nEOF\nexec redis-server r.conf"},
	{name: "a here-document with tabs", script: "cat <<-EOF > r.conf\n\tport 1\n\t\thz 2\n\tEOF\nexec redis-server r.conf"},
	{name: "printf", script: `printf '%s %s\n' port 1 hz 20 > r.conf; printf 'a\tb%%\n' >> r.conf; printf '%d|%5s|%-4s|\n' 3 ab >> r.conf; printf "x\n" >> r.conf; exec redis-server r.conf`},
	{name: "echo", script: `echo port 1 > r.conf; echo -n "hz " >> r.conf; echo 20 >> r.conf; echo "a   b" c >> r.conf; exec redis-server r.conf`},
	{name: "echo with escapes", script: `echo "port 1\nhz 2" > r.conf; echo -e 'a\tb' >> r.conf; exec redis-server r.conf`},
	{name: "a block that is written", script: "{ echo port 1; echo message >&2; cat base; } > r.conf\nexec redis-server r.conf", files: map[string]string{"base": "hz 2\n"}},
	{name: "cat of two", script: "cat a b > r.conf; cat a - <<E >> r.conf\nx\nE\nexec redis-server r.conf", files: map[string]string{"a": "port 1\n", "b": "hz 2\n"}},
	{name: "tee and tee -a", script: `echo port 1 | tee r.conf; echo hz 2 | tee -a r.conf > /dev/null; echo x y | tee other >> r.conf; exec redis-server r.conf`},
	{name: "sed", script: `sed "s/@P@/$P/; s|@D@|/data|g; /^#/d" t > r.conf; sed -i 's/^hz .*/hz 99/' r.conf; exec redis-server r.conf`, environment: map[string]string{"P": "7"}, files: map[string]string{"t": "# c\nport @P@\ndir @D@/@D@\nhz 1\n"}},
	{name: "sed with more", script: `sed -n '/port/p;$p' t > r.conf; sed -e '1i hz 5' -e '/port/a x 1' -e '$!s/$/ e/' t >> r.conf; exec redis-server r.conf`, files: map[string]string{"t": "port 1\nb\nlast\n"}},
	{name: "awk", script: `awk -v p="$P" '{gsub(/@P@/, p); sub("@Q@", ENVIRON["Q"]); print}' t > r.conf; exec redis-server r.conf`, environment: map[string]string{"P": "7", "Q": "q"}, files: map[string]string{"t": "port @P@ @P@\nx @Q@ @Q@\nend"}},
	{name: "awk that leaves out", script: `awk '/^#/ {next} {sub(/1/, "2")} 1' t > r.conf; awk '!/x/' t >> r.conf; exec redis-server r.conf`, files: map[string]string{"t": "#\nport 11\nx\n"}},
	{name: "envsubst", script: `export P; Q=hidden; R=1; envsubst < t > r.conf; R=2 envsubst '$R' < t >> r.conf; exec redis-server r.conf`, environment: map[string]string{"P": "7"}, files: map[string]string{"t": "port $P\nx ${P}$Q.\n$R\n"}, unsure: true},
	{name: "grep decides", script: `grep -q '^requirepass' r.conf || echo "requirepass x" >> r.conf; grep -q ^port r.conf && P=1; exec redis-server r.conf --p $P`, files: map[string]string{"r.conf": "port 1\n"}},
	{name: "a file decides", script: `[ -f r.conf ] && C=r.conf; [ -d r.conf ] && C=$C/; [ -e none.conf ] || echo; [ -s r.conf ] && S=1; exec redis-server $C --s $S`, files: map[string]string{"r.conf": "port 1\n"}, unsure: true},
	{name: "cp, mv, rm and install", script: `mkdir -p d; cp t d/; mv d/t d/u; install -m 600 d/u r.conf; rm -f d/u; [ -f d/u ] || echo gone >> r.conf; exec redis-server r.conf`, files: map[string]string{"t": "port 1\n"}},
	{name: "a shell that reads a here-document", script: "sh <<'EOS'\nA=2\ncat > r.conf <<EOF\nport $A\nEOF\nexec redis-server r.conf\nEOS"},
	{name: "a shell with arguments that reads a here-document", script: "P=5 bash -s a 'b c' <<EOS\nexec redis-server \"\\$2\" \\$P $Q\nEOS", environment: map[string]string{"Q": "q"}},
	{name: "what is not exported, a child has not", script: `A=1; export B=2; C=3 sh -c 'exec redis-server "$A" "$B" "$C" "$0" "$@"' zero one`},
	{name: "a child that ends", script: `sh -c 'echo port 1 > r.conf; exit 3'; echo "# $?" >> r.conf; exec redis-server r.conf`},
	{name: "another script", script: `./next.sh 7 "a b"; exec redis-server r.conf`, files: map[string]string{"next.sh": "#!/bin/sh\necho \"port $1\" > r.conf\necho \"x $2\" >> r.conf\n"}},
	{name: "a script that is read in", script: `. ./lib.sh; exec redis-server --port $P $(name)`, files: map[string]string{"lib.sh": "P=8\nname() { echo n; }\n"}},
	{name: "eval", script: `A='--port 1'; eval "set -- $A \"\$B\""; exec redis-server "$@"`, environment: map[string]string{"B": "b c"}},
	{name: "set -e stops", script: "set -e\nif false; then :; fi\nfalse || true\n! true\n[ a = a ] && X=1\nexec redis-server $X"},
	{name: "set -e at a failure", script: "set -e\n[ a = b ]\nexec redis-server", nothing: true},
	{name: "set -e at the end of a list", script: "set -e\ntrue && false\nexec redis-server", nothing: true},
	{name: "an error for what is empty", script: `: "${P:?is needed}"; exec redis-server`, environment: map[string]string{"P": ""}, nothing: true},
	{name: "exit before", script: `if [ -z "$P" ]; then echo no >&2; exit 1; fi; exec redis-server`, environment: map[string]string{"P": ""}, nothing: true},
	{name: "a pattern of files", script: `exec redis-server *.conf "*.conf" conf.d/*.x ~* -::*`, files: map[string]string{"a.conf": "port 1\n", "b.conf": "", ".c.conf": ""}},
	{name: "no patterns", script: `set -f; exec redis-server * --bind '*' \*`},
	{name: "home", script: `exec redis-server ~ ~/x "~" a~ --x=~/y`, environment: map[string]string{"HOME": "/root"}},
	{name: "braces", script: `exec redis-server --{a,b} {x} x{1..3}y "{a,b}"`},
	{name: "dollar quotes", script: `exec redis-server $'a\tb' "$'x'"`},
	{name: "two brackets", only: bash, script: `[[ $A == b* && -n $A ]] && X=1; [[ "$A" != "b*" ]] && Y=2; exec redis-server $X $Y`, environment: map[string]string{"A": "b c"}},
	{name: "lists", only: bash, script: `a=(--port 1); a+=("x y"); [ -n "$P" ] && a+=(--p "$P"); exec redis-server "${a[@]}" "${#a[@]}" "${a[0]}" "${@:2}"`, environment: map[string]string{"P": "p q"}, arguments: []string{"1", "2", "3"}},
	{name: "what bash does to texts", only: bash, script: `A=AbcAbc; exec redis-server "${A/b/x}" "${A//b/x}" "${A:1:3}" "${A^^}" "${A,,}" "${A: -2}"`},
	{name: "two equals signs", script: `if [ "$A" == b ]; then X=1; else X=2; fi; exec redis-server --x $X`, environment: map[string]string{"A": "b"}, unsure: true},
	{name: "a word with a here-string", only: bash, script: `read -r X <<< "a b"; cat <<< "port $X" > r.conf; exec redis-server r.conf`},
	{name: "read", script: `read -r P < pw; exec redis-server --requirepass "$P"`, files: map[string]string{"pw": " a b \nc\n"}},
	{name: "a loop over lines", script: "while read -r key value; do [ \"$key\" = '#' ] && continue; echo \"$key   $value\"; N=$value; done < t > r.conf; exec redis-server r.conf \"$N\"", files: map[string]string{"t": "port  1\n# x\nsave  60 1 \n\nlast"}},
	{name: "a loop over whole lines", script: "while IFS= read -r line || [ -n \"$line\" ]; do echo \"$line.\" >> r.conf; done < t; exec redis-server r.conf", files: map[string]string{"t": " a b \nc\\d", "r.conf": "hz 1\n"}},
	{name: "a loop over lines with a program in it", script: "while read -r l; do sort > /dev/null; echo \"$l\" >> r.conf; done < t; exec redis-server r.conf", files: map[string]string{"t": "a\nb\nc\n", "r.conf": "hz 1\n"}, unsure: true},
	{name: "two reads", script: "{ read -r A; read -r B C; } < t; exec redis-server \"$A\" \"$B\" \"$C\"", files: map[string]string{"t": "a b\nc d  e\n"}},
	{name: "exec in a subshell", script: "(exec true); A=$(exec echo x); (exit 3) || B=$?; exec redis-server $A $B"},
	{name: "a return from a loop in a function", script: "f() { for i in 1 2 3; do [ $i = 2 ] && return $i; done; }\nf; exec redis-server $?"},
	{name: "a function that is defined twice", script: "f() { A=1; }\nif [ -n \"$P\" ]; then f() { A=2; }; fi\nf; exec redis-server $A", environment: map[string]string{"P": "x"}},
	{name: "a here-document in a function", script: "conf() {\ncat <<EOF\nport $1\nx ${2:-none}\nEOF\n}\nconf 7 > r.conf; conf 8 9 >> r.conf; exec redis-server r.conf"},
	{name: "arguments behind a shift in a function", script: "f() { shift 2; exec redis-server \"$@\" $#; }\nf a b c 'd e'"},
	{name: "a default of arguments", script: "exec redis-server ${1+\"$@\"} ${2:-two} \"${3-}\"", arguments: []string{"a b"}},
	{name: "quotes in a default", script: `exec redis-server "${A:-a "b" c}" ${A:-"x  y"} ${A:-x\ \ y}`, environment: map[string]string{"A": ""}},
	{name: "redirections in a row", script: "echo a > r.conf 2> e.conf; echo b >> r.conf 2>&1; { echo c; echo d >&2; } >> r.conf 2>/dev/null; exec redis-server r.conf"},
	{name: "a variable that stands beside quotes", script: `A="1 2"; exec redis-server --x=$A --y="$A" $A"z" "q"$A`},
	{name: "sed with a variable that has a slash", script: `sed "s|@D@|$D|" t > r.conf; exec redis-server r.conf`, environment: map[string]string{"D": "/a/b"}, files: map[string]string{"t": "dir @D@\n"}},
	{name: "a pipe into tee and a loop", script: "printf 'a\\nb\\n' | while read -r x; do echo \"$x$x\"; done | tee r.conf > /dev/null; exec redis-server r.conf"},
	{name: "conditions with parentheses and not", script: `if [ ! -f none.conf ] && ! [ -d r.conf ] && [ "$A" != b -a -n "$A" ]; then B=1; fi; exec redis-server $B`, environment: map[string]string{"A": "x"}, files: map[string]string{"r.conf": ""}, unsure: true},
	{name: "tests of one and two words", script: `[ "$A" ] && X=1; [ ] || Y=2; [ -n ] && Z=3; [ ! "$A" ] || W=4; [ ! ] && V=5; test "$A" = x && U=6; exec redis-server $X $Y $Z $W $V $U`, environment: map[string]string{"A": "x"}},
	{name: "numbers in tests", script: `[ 08 -eq 8 ] && X=1; [ " 5" -gt 4 ] && Y=2; [ -1 -lt 0 ] && Z=3; exec redis-server $X $Y $Z`, unsure: true},
	{name: "a word that is empty in a list", script: `set -- a "" b; exec redis-server "$@" $# $2 "$2"`},
	{name: "set with options and words", script: `set -eu -- a b; set -x x y; set +x; exec redis-server "$@"`},
	{name: "cd and paths", script: `mkdir -p sub; cp t sub/r.conf; cd sub; echo x >> r.conf; exec redis-server r.conf`, files: map[string]string{"t": "port 1\n"}},
	{name: "cat that numbers", script: `cat -n t > r.conf; exec redis-server r.conf`, files: map[string]string{"t": "a\n"}, unsure: true},
	{name: "an assignment of a failing substitution", script: `A=$(false) || B=1; C=$(exit 4); exec redis-server $B $?`},
	{name: "and, or, in a row", script: `true && false || A=1; false || true && B=2; false && C=3 || D=4; exec redis-server $A $B $C $D`, environment: map[string]string{"C": ""}},
	{name: "wrappers", script: `exec env A=1 nice -n 5 redis-server --port 1`},
	{name: "a background command", script: "(sleep 0; true) &\nexec redis-server --port 1"},
	{name: "two servers", script: "redis-server --daemonize yes --port 1\nexec redis-server --port 2"},
	{name: "a server that is waited for", script: "redis-server --port 1\nexec redis-server --port 2", waits: true},
	{name: "unset", script: `unset P; exec redis-server "${P-none}" "${P:-nothing}" "${P+set}"`, environment: map[string]string{"P": "1"}},
	{name: "nested quotes", script: `A="x y"; exec redis-server "${A:+"$A" z}" ${A:+'p q' r} "${B:-${A}}"`, environment: map[string]string{"B": ""}},
	{name: "assignments in a row", script: `A=1 B=$A C="$A$B"; A=2; exec redis-server $A $B $C`},
	{name: "a list of commands in a condition", script: `if false; true; then A=1; fi; if ! false && { true; }; then B=2; fi; exec redis-server $A $B`, environment: map[string]string{"A": ""}},
	{name: "until", script: `i=0; until [ "$i" -ge 2 ]; do i=$((i + 1)); done; exec redis-server $i`},
	{name: "command and colon", script: `command echo port 1 > r.conf; : > e.conf; >> e.conf; exec redis-server r.conf`},
	{name: "local variables", script: "X=1; f() { local X=2; Y=$X; }\nf; exec redis-server $X $Y"},
	{name: "a field separator", script: `IFS=,; A=a,b; exec redis-server $A "$A"`, unsure: true},
	{name: "status", script: `false; A=$?; true; exec redis-server $A $?`},
	{name: "the condition of a pipe", script: `if echo abc | grep -q b; then X=1; else X=2; fi; exec redis-server $X`},
	{name: "the tail of a script after exec", script: "exec redis-server --port 1\nexec redis-server --port 2"},
	{name: "a comment and a continued line", script: "exec redis-server \\\n  --port 1 \\\n  --x y # --z\n"},
	{name: "words beside each other", script: `A=b; exec redis-server 'a'"$A"c$A'd'`},
	{name: "head and basename", script: `P=$(head -n 1 pw); N=$(basename /a/b.c); D=$(dirname /a/b.c); exec redis-server "$P" $N $D`, files: map[string]string{"pw": "x y\nz\n"}},
	{name: "dir of the script", script: `cd "$(dirname "$0")"; exec redis-server --x "$0"`},
	{name: "a trailing backslash", script: `exec redis-server --x 'a\' "b\c" d\e`},
	{name: "an option that a condition adds", script: "set -- --port 1\nif [ -n \"$P\" ]; then set -- \"$@\" --requirepass \"$P\"; fi\n[ \"$M\" = yes ] && set -- \"$@\" --maxmemory 1gb\nexec redis-server \"$@\"", environment: map[string]string{"P": "a b", "M": "no"}},
	{name: "the same condition twice", script: "[ \"$M\" = prod ] && A=1 || A=2\nif [ prod = \"$M\" ]; then B=1; else B=2; fi\nexec redis-server $A $B", environment: map[string]string{"M": "prod", "A": ""}},
	{name: "a conf in two branches", script: "if [ \"$M\" = a ]; then echo port 1 > r.conf; else echo port 2 > r.conf; fi; echo hz 5 >> r.conf\nexec redis-server r.conf", environment: map[string]string{"M": "b"}},
	{name: "a variable of a loop that is not known", script: ": > r.conf; for h in $HOSTS; do echo \"# $h\" >> r.conf; L=$h; done; echo hz 5 >> r.conf; exec redis-server r.conf --x $L", environment: map[string]string{"HOSTS": "a b", "L": ""}},
	{name: "a list that is not known", script: "set -- $L; case $# in 0) exec redis-server --none ;; 2) exec redis-server --two \"$2\" ;; *) exec redis-server --many ;; esac", environment: map[string]string{"L": "p q"}},
	{name: "a pattern taken from what is not known", script: `exec redis-server "${U#redis://}" "${#U}" ${U:-none} ${U:+some}`, environment: map[string]string{"U": "redis://h"}},
	{name: "numbers that are not known", script: `if [ "$N" -gt 3 ]; then A=big; else A=small; fi; exec redis-server $A $((N * 2))`, environment: map[string]string{"N": "5"}},
	{name: "a template of what is not known", script: `sed "s/@P@/$P/" t > r.conf; [ -n "$Q" ] && printf 'x %s\n' "$Q" >> r.conf; exec redis-server r.conf`, environment: map[string]string{"P": "7", "Q": ""}, files: map[string]string{"t": "hz 1\nport @P@\nend 1\n"}},
	{name: "a here-document of what is not known", script: "cat > r.conf <<EOF\nport ${P:-6379}\n${Q:+requirepass $Q}\nhz 1\nEOF\nexec redis-server r.conf", environment: map[string]string{"P": "", "Q": "q"}},
	{name: "a program that is not known", script: `$RUN; [ -n "$C" ] && exec $C; exec redis-server --port 1`, environment: map[string]string{"RUN": "true", "C": ""}},
	{name: "an exit that is not known", script: `[ -n "$P" ] || exit 1; [ "$P" = x ] || { echo no >&2; exit 2; }; exec redis-server --requirepass "$P"`, environment: map[string]string{"P": "x"}},
	{name: "a case of what is not known", script: `case $M in '') P=1 ;; a*) P=2 ;; *b|c) P=3 ;; esac; exec redis-server --port $P`, environment: map[string]string{"M": "xb", "P": "0"}},
	{name: "a case of the arguments", script: "case \"${1:-serve}\" in serve) shift; exec redis-server --port 1 \"$@\" ;; *) exec \"$@\" ;; esac", arguments: []string{"serve", "--x"}},
}

// TestScriptsAreFollowedAsShellsRunThem compares with what dash and bash do:
// the words of the server that a script ends in, and the conf that it reads.
func TestScriptsAreFollowedAsShellsRunThem(t *testing.T) {
	for _, shell := range []struct {
		name string
		is   dialect
	}{{"sh", dash}, {"bash", bash}} {
		program, err := exec.LookPath(shell.name)
		require.NoError(t, err, "both shells have to be there")
		for _, c := range shellCases {
			if c.only != "" && c.only != shell.is {
				continue
			}
			t.Run(shell.name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				c.compare(t, program, shell.is)
			})
		}
	}
}

func (c shellCase) compare(t *testing.T, program string, is dialect) {
	directory, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for name, text := range c.files {
		writeProgram(t, filepath.Join(directory, name), text)
	}
	require.NoError(t, os.WriteFile(filepath.Join(directory, "start.sh"), []byte(c.script), 0o644))
	starts, _ := c.followed(t, directory, is, false)
	blind, surely := c.followed(t, directory, is, true)
	got := c.run(t, directory, program)
	if got != "" && surely {
		assert.True(t, anyCovers(blind, got), "without the values of its variables: %q is none of %q", got, blind)
	}
	if c.nothing {
		assert.Empty(t, got, "the shell starts nothing")
		assert.Empty(t, starts)
		return
	}
	require.NotEmpty(t, got, "the shell starts a server")
	if !c.unsure {
		require.Len(t, starts, 1)
		assert.Equal(t, got, starts[0])
		return
	}
	assert.True(t, anyCovers(starts, got), "%q is none of %q", got, starts)
}

// followed are the starts that are seen, each as the stub prints it. surely is
// false where there may be others. Blind is who does not know the container's
// variables.
func (c shellCase) followed(t *testing.T, directory string, is dialect, blind bool) (starts []string, surely bool) {
	file := "services:\n  cache: {image: 'redis:7.2', command: redis-server, working_dir: /w, volumes: ['.:/w']}\n"
	require.NoError(t, os.WriteFile(filepath.Join(directory, "compose.yml"), []byte(file), 0o600))
	tree, err := disk.OpenTree(directory, directory)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tree.Close()) })
	project := compose.Load(tree, []string{filepath.Join(directory, "compose.yml")})
	require.Empty(t, project.Refusals)
	service := Services(project)[0]
	shared := &following{system: dash, known: func(name string) (string, bool) {
		value, set := c.environment[name]
		if set && blind {
			value = unknown("${" + name + "}")
		}
		return value, set
	}}
	sh := newShell(shared, is, newFiles(service.Service, true, nil), "/w")
	sh.begin(child{zero: "./start.sh", arguments: c.arguments, user: "0"}, "", nil)
	ways, ok := sh.follow(c.script)
	require.True(t, ok, "it is a script")
	for _, start := range startsOf(ways) {
		if words := start.run.words; start.way.opaque != "" || !isKnown(words[0]) {
			require.True(t, blind, start.way.opaque)
			return nil, false
		}
		words := start.run.words
		for len(words) > 0 && words[0] != "redis-server" {
			words = words[1:]
		}
		require.NotEmpty(t, words)
		conf := ""
		if len(words) > 1 && !strings.HasPrefix(words[1], "-") && isKnown(words[1]) {
			if found := start.way.files.read(join(start.run.directory, words[1])); found.state == present {
				conf = found.text
			} else if found.state == opaque {
				conf = unknown("conf")
			}
		}
		text := strings.Join(append(words[1:], ""), "\x00")
		starts = append(starts, text+"\x01"+conf+"\x02")
	}
	return starts, true
}

// writeProgram writes a program while no other is started: one that is still
// open for writing somewhere cannot be run.
func writeProgram(t *testing.T, name, text string) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o755))
}

// run runs the script, and returns what the last stub printed.
func (c shellCase) run(t *testing.T, directory, program string) string {
	bin := filepath.Join(directory, ".bin")
	require.NoError(t, os.Mkdir(bin, 0o755))
	writeProgram(t, filepath.Join(bin, "redis-server"), stub)
	out := filepath.Join(directory, ".out")
	command := exec.Command(program, append([]string{"./start.sh"}, c.arguments...)...)
	command.Dir = directory
	command.Env = []string{"PATH=" + bin + ":/usr/bin:/bin", "STUB_OUT=" + out, "LC_ALL=C"}
	if c.waits {
		command.Env = append(command.Env, "STUB_STOPS=yes")
	}
	for name, value := range c.environment {
		command.Env = append(command.Env, name+"="+value)
	}
	var said bytes.Buffer
	command.Stderr = &said
	_ = command.Run() // a script may end in any way
	text, err := os.ReadFile(out)
	if c.nothing {
		require.ErrorIs(t, err, os.ErrNotExist)
		return ""
	}
	require.NoError(t, err, said.String())
	records := strings.SplitAfter(string(text), "\x02")
	require.Greater(t, len(records), 1, said.String())
	return records[len(records)-2]
}

// anyCovers reports whether one of the starts is a text, with anything in the
// place of what is not known.
func anyCovers(starts []string, text string) bool {
	for _, start := range starts {
		var expression strings.Builder
		for start != "" {
			if _, rest, found := unset.CutMark(start); found {
				expression.WriteString("(?s:.*)")
				if start = rest; strings.HasPrefix(rest, "\x00") {
					expression.WriteString("\x00?") // it may be no word at all
					start = rest[1:]
				}
				continue
			}
			at := strings.IndexRune(start[1:], '\uE0F0') + 1
			if at == 0 {
				at = len(start)
			}
			expression.WriteString(regexp.QuoteMeta(start[:at]))
			start = start[at:]
		}
		if matched, err := regexp.MatchString(fmt.Sprintf("^%s$", expression.String()), text); err == nil && matched {
			return true
		}
	}
	return false
}
