package templates_test

const (
	starter = "say field lists myself start-server"
	trio    = "NODE=a-1 NODES='a-1 a-2 a-3' SENTINELS='s-1 s-2 s-3' PRIMARY_NAME=a HAND_OVER=5 SILENCE=3 KEEPS_DATA=yes; "
	asked   = `myself() { echo "$*" >&2; }; `
	// clock is a date that goes on with each question, and a sleep that is none.
	clock = "#!/bin/sh\necho x >>\"$ROOT/asked\"\nwc -l <\"$ROOT/asked\"\n"
)

var (
	client = map[string]string{"bin/client": "#!/bin/sh\necho \"$REDISCLI_AUTH $*\"\n", "run/secrets/health-password": "h\n", "run/secrets/sentinel-password": "s\n"}
	quick  = map[string]string{"bin/sleep": "#!/bin/sh\n", "bin/date": clock, "data/.keep": ""}
)

// serverFunctions start one server of a set, and hand its role over.
var serverFunctions = []function{
	{"server and sentinel", starter + " ask", `CLI=client; server a-2; sentinel s-1 ping`, "h -h a-2 -p 6379 --user health info\ns -h s-1 -p 26379 --user default sentinel ping\n", client},
	{"majority", starter, `for SENTINELS in 'a b c' 'a b c d e' 'a'; do majority; done`, "2\n3\n1\n", nil},
	{"named_master", starter, trio + `sentinel() { cat "$ROOT/$1"; }; named_master`, "a-2\n", map[string]string{"s-1": "a-2\n6379\n", "s-2": "a-1\n6379\n", "s-3": "a-2\n6379\n"}},
	{"named_master, no majority", starter, trio + `sentinel() { cat "$ROOT/$1"; }; named_master`, "", map[string]string{"s-1": "a-2\n", "s-2": "a-1\n", "s-3": ""}},
	{"named_master, a stranger", starter, trio + `sentinel() { echo b-1; }; named_master`, "", nil},
	{"named_master, without sentinels", starter, trio + `SENTINELS=''; named_master`, "a-1\n", nil},
	{"holds_any, has_every_write and has_data", starter, `holds_any "$ROOT/none" "$ROOT/data/dump.rdb" && echo any; has_every_write || echo "not every"; has_data && echo data`, "any\nnot every\ndata\n", map[string]string{"data/dump.rdb": "x"}},
	{"has_every_write", starter, `has_every_write && echo yes`, "yes\n", map[string]string{"data/appendonlydir/a.manifest": "x"}},
	{"look_around", starter, trio + `server() { cat "$ROOT/$1"; }; look_around; echo "$heir, $holder, $silent"`, "a-2, a-2, a-3\n",
		map[string]string{"a-2": "role:slave\nslave_priority:100\ndb0:keys=1\n", "a-3": ""}},
	{"look_around, one that has not followed", starter, trio + `server() { cat "$ROOT/a"; }; look_around; echo "$heir, $holder, $silent"`, ", a-3, \n", map[string]string{"a": "role:slave\nslave_priority:0\nloading:1\n"}},
	{"was_whole", starter, trio + `sentinel() { if [ "$1" = s-2 ]; then echo a-2; fi; }; was_whole && echo yes; sentinel() { :; }; was_whole || echo no`, "yes\nno\n", nil},
	{"may_lead", starter, trio + `look_around() { heir='' holder='' silent=''; eval "$each"; }; has_data() { [ -n "$data" ]; }; has_every_write() { [ "$data" = all ]; }; was_whole() { [ -n "$whole" ]; }
while read -r waited data whole each; do
	data=${data#-} whole=${whole#-}
	if may_lead; then echo yes; else echo "$why"; fi
done <"$ROOT/cases"`, `a-2 followed until the end and is promoted before this server joins it
a-3 does not answer yet
yes
a-3 does not answer yet
yes
this server has no data, but a-2 has: it has to lead, or be restored here
yes
this server lost its data and a-3, which may have them, does not answer
a-3 does not answer yet
yes
`, map[string]string{"cases": `0 all - heir=a-2
1 all - silent=a-3
2 all - silent=a-3
9 some - silent=a-3
10 some - silent=a-3
0 - - holder=a-2
0 - - :
99 - yes silent=a-3
9 - - silent=a-3
10 - - silent=a-3
`}},
	{"await_own_volume, a node's", starter, `await_own_volume; echo on`, "start-server: waiting: the volume has keys of a node of a cluster, which a copy of the master's would replace; move them away, or remove the volume\non\n",
		map[string]string{"data/nodes.conf": "x", "bin/sleep": "#!/bin/sh\nrm \"$ROOT/data/nodes.conf\"\n"}},
	{"await_own_volume", starter, `await_own_volume && echo on`, "on\n", nil},
	{"find_master, another one", starter, trio + `named_master() { echo a-2; }; find_master; echo "$master"`, "a-2\n", nil},
	{"find_master, waits for a majority", starter, trio + `named_master() { echo x >>"$ROOT/looks"; if [ "$(wc -l <"$ROOT/looks")" = 3 ]; then echo a-1; fi; }; may_lead() { :; }; find_master; echo "$master"`,
		"start-server: waiting: no majority of the sentinels names a master\na-1\n", quick},
	{"watch", starter, trio + `myself() { cat "$ROOT/state"; }; named_master() { echo a-1; }; lead() { echo "leads, of $1"; echo role:slave >"$ROOT/state"; }; follow() { echo follows; }; watch`,
		"leads, of a-1\nfollows\n", map[string]string{"state": "role:master\n", "bin/sleep": "#!/bin/sh\necho x >>\"$ROOT/slept\"\n[ \"$(wc -l <\"$ROOT/slept\")\" -lt 3 ]\n"}},
	{"lead", starter, trio + asked + `led=no; lead a-2; lead a-1; lead ''; echo "$led"; lead a-2; echo "$led"`, "yes\nstart-server: stepping down: the sentinels name a-2\nreplicaof a-2 6379\nno\n", nil},
	{"follow", starter, trio + asked + `become_candidate() { echo candidate; }; follow_again() { echo again; }; nobody=127.0.0.1
while read -r candidate state; do
	state=$(echo "$state" | tr , '\n')
	follow
done <"$ROOT/states"`, "candidate\nstart-server: letting go of a master that is silent\nreplicaof 127.0.0.1 1\nagain\n",
		map[string]string{"states": "no master_link_status:up\nyes master_link_status:up,master_last_io_seconds_ago:2\nyes master_link_status:up,master_last_io_seconds_ago:3\nyes master_link_status:down,master_host:127.0.0.1\nyes master_link_status:down,master_host:a-2\n"}},
	{"become_candidate", starter, asked + `candidate=no alone=0 link=down; become_candidate; link=up; become_candidate; echo "$candidate"; link=down alone=149; become_candidate`,
		"config set replica-priority 100\nyes\nconfig set replica-priority 100\n", nil},
	{"follow_again and is_free", starter, trio + `nobody=127.0.0.1 free=0; named_master() { echo a-2; }; server() { echo role:master; }; nobody_replaces() { [ "$1" = a-2 ]; }
myself() { if [ "$1" = info ]; then echo "master_host:$host"; else echo "$*" >&2; fi; }
host=127.0.0.1; is_free && follow_again; host=a-3; follow_again; is_free || echo taken`, "start-server: following a-2 again\nreplicaof a-2 6379\ntaken\n", nil},
	{"nobody_replaces", starter, trio + `sentinel() { cat "$ROOT/$1"; }; free=1; nobody_replaces a-2 || echo "one is silent"; free=11; nobody_replaces a-2 && echo "it is gone"; echo 'flags
failover_in_progress' >"$ROOT/s-1"; nobody_replaces a-2 || echo "one replaces it"`, "one is silent\nit is gone\none replaces it\n",
		map[string]string{"s-1": "ip\na-2\nflags\nmaster\n", "s-2": "ip\na-2\nflags\nmaster\n", "s-3": ""}},
	{"hand_over", starter, trio + `leads_until() { info=connected_slaves:1; }; promotable() { :; }; stop_writes() { echo stopped; }; everyone_has_all() { echo acknowledged; }; sentinel() { echo "$*" >&2; echo OK; }
named_master() { if [ -e "$ROOT/promoted" ]; then echo a-2; else echo a-1; : >"$ROOT/promoted"; fi; }; hand_over`,
		"start-server: handing over\nstopped\nacknowledged\ns-1 failover a\nstart-server: handed over to a-2\n", quick},
	{"hand_over, writes go on", starter, trio + `leads_until() { info=connected_slaves:0; }; named_master() { echo a-1; }; stop_writes() { return 1; }; hand_over`,
		"start-server: handing over\nstart-server: writes could not be stopped in 5 seconds\n", quick},
	{"hand_over, nobody to promote", starter, trio + `leads_until() { info=connected_slaves:0; }; named_master() { echo a-1; }; stop_writes() { :; }; everyone_has_all() { :; }; sentinel() { echo NOGOODSLAVE; }; hand_over`,
		"start-server: handing over\nstart-server: no sentinel knows a replica to promote\n", quick},
	{"hand_over, a replica", starter, trio + `leads_until() { return 1; }; hand_over && echo done`, "done\n", quick},
	{"promotable", starter, trio + `sentinel() { if [ "$1" = s-2 ]; then cat "$ROOT/replica"; fi; }; promotable && echo yes; sed -i 's/100/0/' "$ROOT/replica"; promotable || echo no`, "yes\nno\n",
		map[string]string{"replica": "name\na-2\nflags\nslave\nslave-priority\n100\n"}},
	{"stop_writes", starter, trio + `myself() { echo "$*" >&2; echo OK; }; stop_writes && echo yes; myself() { return 1; }; stop_writes || echo no`, "client pause 35000 write\nyes\nno\n", nil},
	{"everyone_has_all", starter, `myself() { cat "$ROOT/info"; }; everyone_has_all && echo yes; sed -i 's/offset=9/offset=8/' "$ROOT/info"; everyone_has_all || echo no; myself() { return 1; }; everyone_has_all || echo unknown`,
		"yes\nno\nunknown\n", map[string]string{"info": "role:master\nslave0:ip=a,port=1,state=online,offset=9,lag=0\nmaster_repl_offset:9\n"}},
	{"stop, before there was a server", starter, `process=''; (stop) && echo ended`, "ended\n", nil},
}

// besideFunctions are of what stands beside the servers, and of health checks.
var besideFunctions = []function{
	{"first_master, whom another sentinel names", "lists start-sentinel", trio + `NODE=s-1 sentinel_port=26379; ask() { if [ "$1" = s-2 ]; then echo a-3; fi; }; first_master`, "a-3\n", client},
	{"first_master, the server that leads", "lists start-sentinel", trio + `NODE=s-1 port=6379; ask() { if [ "$1" = a-2 ]; then echo connected_slaves:2; fi; }; first_master`, "a-2\n", client},
	{"first_master, the first of all", "lists start-sentinel", trio + `NODE=s-1; ask() { :; }; first_master`, "a-1\n", client},
	{"learned", "lists start-sentinel", trio + `learned "$ROOT/saved" a-1`, "myid 77\ncurrent-epoch 3\nknown-replica a a-2 6379\nknown-sentinel a s-2 26379 88\n", map[string]string{
		"saved": "port 26379\nsentinel myid 77\nsentinel monitor a a-1 6379 2\nsentinel current-epoch 3\nsentinel known-replica a a-2 6379\nsentinel known-slave a a-2 6379\nsentinel known-replica a a-1 6379\nsentinel known-replica a b-9 6379\nsentinel known-sentinel a s-2 26379 88\nsentinel known-sentinel a s-9 26379 99\n"}},
	{"sentinel, others and says", "ask check-sentinel", `CLI=client; sentinel ping; others a b c; state=$(printf 'name\na\nnum-slaves\n2\n'); says num-slaves`, "s -h 127.0.0.1 -p 26379 --user default sentinel ping\n2\n2\n", client},
	{"has, of a server", "check-server", `state='loading:0'; has loading:0 && echo yes; has role:master || echo no`, "yes\nno\n", nil},
	{"has and myself, of a node", "ask check-node", `CLI=client PORT=7000; state='loading:0'; has loading:0 && echo yes; myself info`, "yes\nh -h 127.0.0.1 -p 7000 --user health info\n", client},
	{"write_passwords", "secret start-exporter", `separator='' SCHEME=redis; write_passwords exporter exporter-password a-1:6379 a-2:6379; write_passwords default sentinel-password s-1:26379`,
		"\n\"redis://exporter@a-1:6379\": \"p\\\\q\\\"\",\n\"redis://exporter@a-2:6379\": \"p\\\\q\\\"\",\n\"redis://default@s-1:26379\": \"s\"", map[string]string{"run/secrets/exporter-password": "p\\q\"\n", "run/secrets/sentinel-password": "s\n"}},
	{"request", "start-proxy", `request AUTH 'p w' | sed 's/../&\n/g' | while read -r byte; do if [ -n "$byte" ]; then printf "\\$(printf %o "0x$byte")"; fi; done | tr -d '\r'`, "*2\n$4\nAUTH\n$3\np w\n", nil},
	{"question", "with-names", `NETWORK=shop_redis; question a-1`, "tasks.a-1.shop_redis\n", nil},
	{"find_address", "with-names", `NETWORK=n addresses=$ROOT nobody=192.0.2; find_address a-1 1; find_address a-2 2; cat "$ROOT/a-1" "$ROOT/a-2"`, "10.0.0.1 tasks.a-1.n\n192.0.2.2\n",
		map[string]string{"bin/getent": "#!/bin/sh\nif [ \"$2\" = tasks.a-1.n ]; then echo '10.0.0.1 tasks.a-1.n'; else exit 2; fi\n"}},
	{"write_names", "with-names", `addresses=$ROOT/known names='a-1 a-2' own=a-1; write_names; cat "$ROOT/etc/hosts"`, "127.0.0.1       a-1\n10.0.0.2        a-2\n",
		map[string]string{"known/.others": "127.0.0.1       a-1\n", "known/a-2": "10.0.0.2 tasks.a-2.n\n", "etc/hosts": "127.0.0.1       a-1\n"}},
	{"find_all, at once", "with-names", `addresses=$ROOT/known NETWORK=n names='a-1 a-2' own=a-1 questions=tasks.a-2.n apart=0; find_all; cat "$ROOT/known/a-2"; echo "$apart"`, "10.0.0.2\n0\n",
		map[string]string{"known/.keep": "", "bin/getent": "#!/bin/sh\necho '10.0.0.2 tasks.a-2.n'\n"}},
	{"find_all, each alone where one hangs", "with-names", `addresses=$ROOT/known NETWORK=n names='a-1 a-2' own=a-1 nobody=192.0.2 questions=tasks.a-2.n apart=0; find_all; cat "$ROOT/known/a-2"; echo "$apart"`, "192.0.2.2\n29\n",
		map[string]string{"known/.keep": "", "bin/getent": "#!/bin/sh\nexit 2\n"}},
	{"keep_names", "with-names", `own=''; find_all() { echo found; }; write_names() { echo written; }; exec 2>/dev/null; (keep_names) || echo ended`, "found\nwritten\nended\n", map[string]string{"bin/sleep": "#!/bin/sh\nkill -TERM \"$PPID\"\n"}},
}

// rollFunctions bring what runs to what the files say.
var rollFunctions = []function{
	{"recreate", "say deployment compose", `recreate a-1 --wait`, "start-server: a-1\ncompose up --detach --no-deps --force-recreate --wait a-1\n", docker("")},
	{"recreate, what does not start", "say deployment compose", `(recreate a-1) || echo "$?"`, "start-server: a-1\ncompose up --detach --no-deps --force-recreate a-1\nstart-server: a-1 does not start, or is not healthy; the rest is left as it was\n1\n", docker("exit 1")},
	{"recreate_beside", "say lists deployment compose", `name=a services='a-1 a-proxy '; recreate_beside proxy; recreate_beside exporter`, "start-server: a-proxy\ncompose up --detach --no-deps --force-recreate a-proxy\n", docker("")},
	{"leader, of a set", "deployment roll-set", `sentinels='s-1 s-2'; leader`, "a-2\n", map[string]string{"bin/docker": "#!/bin/sh\nprintf 'a-2\\r\\n6379\\r\\n'\n"}},
	{"settle and leads, of a cluster", "say deployment roll-cluster", `name=a; settle "a look" && leads a-1 && echo yes`, "compose run --rm --no-deps -T a-create sh /usr/local/lib/rcomp/create-cluster.sh once\nyes\n",
		map[string]string{"bin/docker": "#!/bin/sh\ncase $* in *exec*) echo master ;; *) echo \"$*\" | sed \"s#$ROOT##\" ;; esac\n"}},
	{"run_client", "stack", `stack=s client='c --tls --cacert /run/secrets/tls-authority.pem'; file_of() { echo "/etc/$1"; }; cd /; run_client health-password image | sed "s#$ROOT##"`,
		"run --rm --network s_redis --mount type=bind,source=//secrets/health-password,target=/password,readonly --mount type=bind,source=/etc/tls-authority.pem,target=/run/secrets/tls-authority.pem,readonly image\n", docker("")},
	{"deploy", "say stack", `stack=s; only() { echo "only $1"; }; deploy a-1; cat "$ROOT/stdin"`, "start-server: a-1\nonly a-1\n", docker(`cat >"$ROOT/stdin"`)},
	{"deploy_all", "stack", `stack=s deployment=f; deploy_all; echo "$?"`, "0\n", docker("")},
	{"settle, of a stack", "say deployment stack", `broken='nobody follows'; is_whole() { [ -n "$waited" ]; }; sleep() { waited=yes; }; waited=''; settle a-1 && echo whole; is_whole() { return 1; }; (settle a-2) || echo "$?"`,
		"whole\nstart-server: nobody follows after a-2; the rest is left as it was\n1\n", nil},
	{"redis_cli, leader and is_whole, of a stack", "stack roll-stack", `client=c image=i sentinels='s-1' primary=a servers='a-1 a-2'; run_client() { shift; case $* in *get-master*) printf 'a-2\r\n' ;; *) echo state=online ;; esac; }
redis_cli a-1 1 secret info; leader; is_whole && echo "$leading"; servers='a-1 a-2 a-3'; is_whole || echo "one is missing"`, "state=online\na-2\na-2\none is missing\n", nil},
	{"in_network, leaders and is_whole, of a stack of a cluster", "stack roll-stack-cluster", `client=c image=i nodes='a-1 a-2'; run_client() { shift 6; CLI=c sh "$@"; }; in_network 'echo "$@"'; leaders; is_whole && echo whole; : >"$ROOT/lost"; is_whole || echo not`, "a-1 a-2\na-1\nwhole\nnot\n",
		map[string]string{"password": "x\n", "bin/timeout": "#!/bin/sh\nshift; exec \"$@\"\n", "bin/c": `#!/bin/sh
case $* in
*role) case $* in *a-1*) echo master ;; *) echo slave ;; esac ;;
*info*) if [ -e "$ROOT/lost" ]; then echo cluster_state:fail; fi; echo cluster_state:ok; echo role:master ;;
*nodes) if [ -e "$ROOT/lost" ]; then echo 'a b c,fail d e f g disconnected'; else echo 'a b master d e f g connected'; fi ;;
esac
`}},
}

// docker is one that prints what it is given, and does something.
func docker(does string) map[string]string {
	return map[string]string{"bin/docker": "#!/bin/sh\necho \"$*\"\n" + does + "\n"}
}
