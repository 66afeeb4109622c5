package templates_test

// views are what the nodes of a cluster of two masters and a replica say of each
// other, by their files: a-4 stands alone where a node with slots was lost.
func views(more map[string]string) map[string]string {
	const (
		one   = "1111 10.0.0.1:6379@16379,a-1 master - 0 0 1 connected 0-8191\n"
		two   = "2222 10.0.0.2:6379@16379,a-2 master - 0 0 2 connected 8192-16000\n"
		three = "3333 10.0.0.3:6379@16379,a-3 slave 1111 0 0 1 connected\n"
		gone  = "9999 10.0.0.4:6379@16379,a-4 master,fail - 0 0 4 disconnected 16001-16383\n"
	)
	files := map[string]string{
		"run/redis/views/a-1:6379.nodes": "1111 10.0.0.1:6379@16379,a-1 myself,master - 0 0 1 connected 0-8191\n" + two + three + gone,
		"run/redis/views/a-2:6379.nodes": one + "2222 10.0.0.2:6379@16379,a-2 myself,master - 0 0 2 connected 8192-16000\n" + three + gone,
		"run/redis/views/a-3:6379.nodes": one + two + "3333 10.0.0.3:6379@16379,a-3 myself,slave 1111 0 0 1 connected\n" + gone,
		"run/redis/views/a-4:6379.nodes": "4444 10.0.0.4:6379@16379,a-4 myself,master - 0 0 0 connected\n",
		"run/redis/views/a-1:6379.info":  "cluster_state:ok\r\ncluster_slots_assigned:16384\r\n",
		"etc/hosts":                      "10.0.0.1 a-1\n10.0.0.2 a-2\n10.0.0.3 a-3\n10.0.0.4 a-4\n",
	}
	for name, content := range more {
		files[name] = content
	}
	return files
}

const (
	creator = "say hosts creator-fixed creator"
	nodes   = "MASTERS=3 NODES='a-1:6379 a-2:6379 a-3:6379 a-4:6379' member=a-1:6379 silent=''; "
	told    = `ask_node() { echo "$*" >&2; }; `
	node    = "say lists field hosts node-fixed node"
)

// creatorFunctions form a cluster and put nodes into their places.
var creatorFunctions = []function{
	{"ask_node", creator + " ask", `CLI=client; ask_node a-1:7000 cluster info`, "secret -h a-1 -p 7000 --user operator cluster info\n",
		map[string]string{"bin/client": "#!/bin/sh\necho \"$REDISCLI_AUTH $*\"\n", "run/secrets/operator-password": "secret\n"}},
	{"view and info", creator, `view a-4:6379; info a-1:6379 cluster_state`, "4444 10.0.0.4:6379@16379,a-4 myself,master - 0 0 0 connected\nok\n", views(nil)},
	{"mine, id_of and slots_of", creator, `mine a-3:6379; id_of a-2:6379; slots_of a-2:6379; slots_of a-4:6379`,
		"3333 10.0.0.3:6379@16379,a-3 myself,slave 1111 0 0 1 connected\n2222\n8192-16000\n\n", views(nil)},
	{"is_master and is_alone", creator, `is_master a-1:6379 && echo leads; is_master a-3:6379 || echo follows; is_alone a-4:6379 && echo alone; is_alone a-1:6379 || echo together`,
		"leads\nfollows\nalone\ntogether\n", views(nil)},
	{"look", creator, nodes + `ask_node() {
	case $1:$3 in
	a-2:6379:*) ;;
	*:nodes) cat "$ROOT/said/$1" ;;
	a-4:6379:info) printf 'cluster_state:fail\r\ncluster_slots_assigned:0\r\n' ;;
	*:info) printf 'cluster_state:ok\r\ncluster_slots_assigned:16384\r\n' ;;
	esac
}
look; echo "$silent, $assigned, $member"`, " a-2, 16384, a-1:6379\n",
		views(map[string]string{"said/a-1:6379": "1111 x myself,master -\n", "said/a-3:6379": "3333 x myself,slave 1111\n", "said/a-4:6379": "4444 x myself,master -\n"})},
	{"planned", creator, `MASTERS=3; planned 0; planned 2`, "0-5460\n10922-16383\n", nil},
	{"may_form, where keys are", creator, nodes + `ask_node() { echo 3; }; may_form || echo "$why"`, "a-1 has keys, or says nothing of them\n", views(nil)},
	{"may_form, where a slot is served otherwise", creator, nodes + `ask_node() { echo 0; }; may_form || echo "$why"`, "a-1 serves 0-8191\n", views(nil)},
	{"may_form, where a stranger is known", creator, `MASTERS=2 NODES='a-1:6379 a-2:6379 a-3:6379'; ask_node() { echo 0; }; may_form || echo "$why"`,
		"a-1 knows 9999, which is no node of this cluster\n", views(nil)},
	{"may_form, nothing yet", creator, `MASTERS=1 NODES=a-4:6379; ask_node() { echo 0; }; may_form && echo yes`, "yes\n", views(nil)},
	{"foreign", creator, nodes + `printf '1111\n9999\n4444\n' | foreign`, "9999\n", views(nil)},
	{"meet", creator, `ask_node() { echo "$*" >&2; }; meet a-1:6379 a-4:7000`, "a-1:6379 cluster meet 10.0.0.4 7000\n", views(nil)},
	{"form, the first step", creator, `MASTERS=1 NODES='a-1:6379 a-4:6379'; info() { echo 1; }; ` + told + `form`,
		"a-4:6379 cluster set-config-epoch 2\na-1:6379 cluster meet 10.0.0.4 6379\n", views(nil)},
	{"form, the slots", creator, `MASTERS=1 NODES=a-4:6379 slots=3; is_alone() { return 1; }; info() { echo 1; }; ` + told + `form`,
		"a-4:6379 cluster addslots 0 1 2\nstart-server: a-4 serves 0-2\n", views(nil)},
	{"forget", creator, `NODES='a-1:6379 a-4:6379' member=a-1:6379; ` + told + `forget`, "start-server: forgetting 8888, whose volume is gone\na-1:6379 cluster forget 8888\na-4:6379 cluster forget 8888\n",
		views(map[string]string{"run/redis/views/a-1:6379.nodes": "1111 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-1\n8888 10.0.0.4:6379@16379 slave,fail 1111 0 0 1 disconnected\n"})},
	{"is_replaced", creator, nodes + `for each in '9999 10.0.0.4:6379@16379,a-4 master,fail' '4444 10.0.0.4:6379@16379,a-4 master' '8888 :0@0 slave,noaddr' '8888 10.0.0.4:6379@16379 handshake' '8888 10.0.0.9:6379@16379 master'; do
	if is_replaced $each; then echo yes; else echo no; fi
done`, "yes\nno\nyes\nno\nno\n", views(nil)},
	{"left_behind", creator, nodes + `left_behind a-4:6379; left_behind a-2:6379`, "16001-16383\n", views(nil)},
	{"orphaned", creator, nodes + `orphaned`, "16001-16383\n", views(nil)},
	{"replicas_of and poorest", creator, nodes + `serving='1111 2222'; replicas_of 1111; replicas_of 2222; poorest`, "1\n0\n2222\n", views(nil)},
	{"replicas_of, one that does not answer", creator, nodes + `replicas_of 1111`, "1\n", views(map[string]string{"run/redis/views/a-3:6379.nodes": ""})},
	{"place, a node that stands alone", creator, nodes + `take_in() { echo "takes $1"; }; place; echo "$settled"`, "takes a-4:6379\nno\n", views(nil)},
	{"place, a master without slots where there are enough", creator, `MASTERS=2 NODES='a-1:6379 a-2:6379 a-3:6379 a-5:6379' member=a-1:6379
ask_node() { if [ "$2" = dbsize ]; then echo 0; else echo OK; echo "$*" >&2; fi; }
is_alone() { return 1; }; orphaned() { :; }; place; echo "$settled"`,
		"a-5:6379 cluster replicate 2222\nstart-server: a-5 becomes a replica of 2222\nno\n",
		views(map[string]string{"run/redis/views/a-5:6379.nodes": "5555 10.0.0.5:6379@16379 myself,master - 0 0 0 connected\n"})},
	{"take_in, whose slots nobody took over", creator, nodes + `take_in a-4:6379; echo "$how"`,
		"the slots 16001-16383 were served by a node at the place of a-4 whose volume is gone, and no replica took over\n", views(nil)},
	{"take_in, with keys", creator, nodes + `left_behind() { :; }; ask_node() { echo 7; }; take_in a-4:6379; echo "$how"`, "a-4 belongs to no cluster, and has keys\n", views(nil)},
	{"take_in", creator, nodes + `left_behind() { :; }; ask_node() { echo 0; echo "$*" >&2; }; take_in a-4:6379`,
		"a-4:6379 dbsize\nstart-server: taking in a-4\na-1:6379 cluster meet 10.0.0.4 6379\n", views(nil)},
	{"note", creator, `note one; note one; note two; cat "$state"`, "start-server: one\nstart-server: two\ntwo\n", views(nil)},
	{"pass, some are silent", creator, `look() { silent=' a-2' member='' assigned=0; }; pass || echo "$?"`, "start-server: waiting for a-2\n1\n", views(nil)},
	{"pass, too few masters see each other", creator, `look() { silent='' member='' assigned=$slots; }; pass || echo "$?"`,
		"start-server: all slots are assigned, but the cluster does not work: too few masters see each other\n1\n", views(nil)},
	{"pass, for people", creator, `look() { silent='' member='' assigned=5; }; may_form() { why='a-1 has keys'; return 1; }; pass || echo "$?"`,
		"start-server: not formed: 5 of 16384 slots are assigned, and a-1 has keys. Nothing was changed.\n3\n", views(nil)},
	{"is_whole, a volume is gone", creator, nodes + `settled=yes; is_whole || cat "$state"`,
		"start-server: the slots 16001-16383 belong to a node whose volume is gone, and no replica took over\nthe slots 16001-16383 belong to a node whose volume is gone, and no replica took over\n", views(nil)},
	{"is_whole", creator, nodes + `settled=yes; orphaned() { :; }; all_see_all() { :; }; is_whole && cat "$state"`, "start-server: whole\nwhole\n", views(nil)},
	{"all_see_all", creator, `info() { echo ok; }; NODES='a-4:6379'; all_see_all && echo all; NODES='a-1:6379 a-4:6379'; all_see_all || echo "one fails"`, "all\none fails\n", views(nil)},
	{"mend, fixed", creator, nodes + told + `mend`, "", views(nil)},
	{"mend, moving", "say hosts creator-moving creator", `NODES='a-1:6379 a-2:6379'; ` + told + `mend`, "start-server: telling a-1 where a-2 is\na-1:6379 cluster meet 10.0.0.2 6379\n",
		views(map[string]string{"run/redis/views/a-1:6379.nodes": "1111 10.0.0.1:6379@16379,a-1 myself,master - 0 0 1 connected\n2222 10.0.0.7:6379@16379,a-2 master,fail - 0 0 2 disconnected\n"})},
}

// seenBy is what a node says of a-1, a master with a replica, and of two more
// masters; the arguments are the links to the replica and to the others.
func seenBy(replica, others string) string {
	return "1111 10.0.0.1:6379@16379 master,fail - 0 0 1 disconnected 0-99\n4444 10.0.0.4:6379@16379 slave 1111 0 0 1 " + replica +
		"\n2222 10.0.0.2:6379@16379 myself,master - 0 0 2 connected 100-199\n3333 10.0.0.3:6379@16379 master - 0 0 3 " + others + " 200-299\n"
}

// nodeFunctions start one node of a cluster, and hand its role over.
var nodeFunctions = []function{
	{"look_back, a lost volume", node, `look_back; echo "$former"`, "empty\n", map[string]string{"data/.keep": ""}},
	{"look_back, a master that may have lost writes", node, `PERSISTENCE=rdb; look_back; echo "$former"`, "behind\n", map[string]string{"data/nodes.conf": "1111 x myself,master - 0 0 1 connected 0-99\n"}},
	{"look_back, one that stopped in order", node, `PERSISTENCE=rdb; look_back; echo "$former"; [ -e "$in_order" ] || echo once`, "nothing\nonce\n",
		map[string]string{"data/nodes.conf": "1111 x myself,master - 0 0 1 connected 0-99\n", "data/stopped-in-order": ""}},
	{"look_back, a replica", node, `PERSISTENCE=none; look_back; echo "$former"`, "nothing\n", map[string]string{"data/nodes.conf": "1111 x myself,slave 2222 0 0 1 connected\n"}},
	{"has_every_write", node, `for PERSISTENCE in none aof; do has_every_write && echo "$PERSISTENCE"; done`, "aof\n", map[string]string{"data/appendonlydir/a.manifest": "x"}},
	{"has_every_write, a snapshot", node, `PERSISTENCE=rdb; has_every_write || echo no`, "no\n", map[string]string{"data/dump.rdb": "x"}},
	{"judge", node, `while read -r file; do judge 10.0.0.1:6379@16379 <"$ROOT/$file"; done <"$ROOT/list"`, "failing\nfollowed\nsilent\nalone\nnone\n", map[string]string{
		"list":    "failing\nfollowed\nsilent\nalone\nnone\n",
		"failing": seenBy("connected", "connected"), "followed": seenBy("connected", "disconnected"), "silent": seenBy("disconnected", "connected"),
		"alone": "1111 10.0.0.1:6379@16379 master - 0 0 1 connected 0-99\n", "none": "2222 10.0.0.2:6379@16379 myself,master - 0 0 2 connected\n",
	}},
	{"ask_around, the gravest", node, `NODE=a-1 NODES='a-1:1 a-2:1 a-3:1'; ask() { if [ "$1" = a-3 ]; then echo LOADING; else cat "$ROOT/view"; fi; }; ask_around 10.0.0.1:6379@16379; echo "$verdict"`,
		"loading\n", map[string]string{"view": seenBy("connected", "connected"), "run/secrets/health-password": "x\n"}},
	{"ask_around, one is silent", node, `NODE=a-1 NODES='a-1:1 a-2:1'; ask() { return 1; }; ask_around 10.0.0.1:6379@16379; echo "$verdict: $unanswered"`, "unknown: a-2\n",
		map[string]string{"run/secrets/health-password": "x\n"}},
	{"must_wait", node, `unanswered=a-2
for each in 'empty unknown 4' 'empty unknown 5' 'empty failing 999' 'empty loading 999' 'empty alone 0' 'behind failing 29' 'behind failing 30' 'behind unknown 2' 'behind unknown 3' 'behind alone 0' 'nothing failing 0'; do
	set -- $each
	former=$1
	if must_wait "$2" "$3"; then echo "$each"; fi
done`, "empty unknown 4\nempty failing 999\nempty loading 999\nbehind failing 29\nbehind unknown 2\n", nil},
	{"hold_back", node, `NODE=a-1 PORT=6379 former=empty looks=0; ask_around() { looks=$((looks + 1)) verdict=silent; if [ "$looks" = 3 ]; then verdict=alone; fi; }; hold_back; echo "$looks"`,
		"start-server: waiting: this node lost its volume, and its replica is promoted only while it does not answer\n3\n", map[string]string{"bin/sleep": "#!/bin/sh\n", "etc/hosts": "10.0.0.1 a-1\n"}},
	{"admit", node, `myself() { echo "$*" >&2; looks=$((looks + 1)); echo "cluster_known_nodes:$(cat "$ROOT/known")"; echo 2 >"$ROOT/known"; }; looks=0; admit`,
		"cluster info\ncluster info\nacl setuser replica on\n", map[string]string{"bin/sleep": "#!/bin/sh\n", "known": "1\n"}},
	{"hand_over, to the replica that is furthest", node, `HAND_OVER=5 operator=x looks=0
leads_until() { looks=$((looks + 1)); info=$(cat "$ROOT/info"); [ "$looks" = 1 ]; }
myself() { echo role:slave; }; ask() { echo "$*" >"$ROOT/asked"; echo OK; }; hand_over; cat "$ROOT/asked"`,
		"start-server: handing over to 10.0.0.3\n10.0.0.3 6380 operator x cluster failover\n",
		map[string]string{"run/secrets/operator-password": "x\n", "info": "role:master\nslave0:ip=10.0.0.2,port=6379,state=online,offset=9,lag=0\nslave1:ip=10.0.0.3,port=6380,state=online,offset=10,lag=0\nslave2:ip=10.0.0.4,port=6379,state=wait_bgsave,offset=99,lag=0\n"}},
	{"hand_over, nobody follows", node, `HAND_OVER=5; leads_until() { info=role:master; }; hand_over && echo done`, "done\n", nil},
	{"stop, before there was a server", node, `process=''; (stop) && echo ended`, "ended\n", nil},
	{"stop", node, `sleep 30 & process=$!; hand_over() { echo handed; }; (trap - TERM; stop) && echo ended`, "handed\nended\n", map[string]string{"data/.keep": ""}},
	{"await_addresses, fixed", node, `await_addresses && echo known`, "known\n", nil},
	{"correct_addresses, fixed", node, `NODES='a-1:6379 a-2:6379'; correct_addresses; cat "$identity" "$endpoints"`,
		"1111111111111111111111111111111111111111 10.0.0.1:6379@16379,a-1 myself,master\n2222222222222222222222222222222222222222 10.0.0.2:6379@16379,a-2 master\na-1 10.0.0.1:6379@16379\na-2 10.0.0.2:6379@16379\n",
		map[string]string{"etc/hosts": "10.0.0.1 a-1\n10.0.0.2 a-2\n", "data/nodes.endpoints": "a-1 10.0.0.1:6379@16379\na-2 10.0.0.9:6379@16379\n",
			"data/nodes.conf": "1111111111111111111111111111111111111111 10.0.0.1:6379@16379,a-1 myself,master\n2222222222222222222222222222222222222222 10.0.0.9:6379@16379,a-2 master\n"}},
	{"await_addresses, moving", "say lists hosts node-moving", `NODE=a-1 NODES='a-1:1 a-2:1'; await_addresses; cat "$ROOT/etc/hosts"`,
		"start-server: waiting: no address yet of a-1\n10.0.0.1 a-1\n10.0.0.2 a-2\n", map[string]string{"etc/hosts": "10.0.0.2 a-2\n", "bin/sleep": "#!/bin/sh\nprintf '10.0.0.1 a-1\\n10.0.0.2 a-2\\n' >\"$ROOT/etc/hosts\"\n"}},
	{"correct_addresses, moving", "certificates hosts node-moving node", `NODES='a-1:6379 a-2:6379'; correct_addresses; cat "$identity"`,
		"1111111111111111111111111111111111111111 10.0.0.5:6379@16379,a-1 myself,master\n2222222222222222222222222222222222222222 10.0.0.6:6379@16379,a-2 master - 0\n",
		map[string]string{"etc/hosts": "10.0.0.5 a-1\n10.0.0.6 a-2\n",
			"data/nodes.conf": "1111111111111111111111111111111111111111 10.0.0.1:6379@16379,a-1 myself,master\n2222222222222222222222222222222222222222 :0@0,a-2 master,noaddr - 0\n"}},
	{"myself", "ask myself", `CLI=client port=7000 operator=secret; myself ping`, "secret -h 127.0.0.1 -p 7000 --user operator ping\n", map[string]string{"bin/client": "#!/bin/sh\necho \"$REDISCLI_AUTH $*\"\n"}},
	{"leads_until", "field myself", `myself() { echo "role:$role"; }; for role in master slave; do leads_until 0 && echo "$role"; done; echo "$info"`, "master\nrole:slave\n", nil},
	{"leads_until, nobody listens", "field myself", `myself() { return 1; }; leads_until 99999999999 || echo no`, "no\n", nil},
}
