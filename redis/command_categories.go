package redis

import (
	"strings"
	"sync"
)

// categoriesOfCommands are the categories of the commands that people give to
// users for a purpose: ACL CAT of Redis 7.0.15 and 8.0.2, Valkey 8.1.1 and
// 9.1.2, which agree on them. Before 7.0 a subcommand has those of its command.
const categoriesOfCommands = `
ping connection fast
auth connection fast
hello connection fast
echo connection fast
select connection fast
command connection slow
client slow
client|setname connection slow
client|getname connection slow
client|list admin connection dangerous slow
client|kill admin connection dangerous slow
psync admin dangerous slow
sync admin dangerous slow
replconf admin dangerous slow
replicaof admin dangerous slow
slaveof admin dangerous slow
failover admin dangerous slow
role admin dangerous fast
info dangerous slow
lastsave admin dangerous fast
config slow
config|get admin dangerous slow
config|set admin dangerous slow
config|rewrite admin dangerous slow
latency slow
latency|latest admin dangerous slow
latency|histogram admin dangerous slow
slowlog slow
slowlog|get admin dangerous slow
slowlog|len admin dangerous slow
cluster slow
cluster|info slow
cluster|nodes slow
cluster|slots slow
script slow
script|kill scripting slow
eval scripting slow
multi fast transaction
exec slow transaction
subscribe pubsub slow
psubscribe pubsub slow
publish fast pubsub
dbsize fast keyspace read
exists fast keyspace read
keys dangerous keyspace read slow
scan keyspace read slow
type fast keyspace read
get fast read string
set slow string write
incr fast string write
del keyspace slow write
time fast
`

var commandCategories = sync.OnceValue(func() map[string][]string {
	table := map[string][]string{}
	for line := range strings.Lines(categoriesOfCommands) {
		if words := strings.Fields(line); len(words) > 0 {
			table[words[0]] = words[1:]
		}
	}
	return table
})
