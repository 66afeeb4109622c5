package redis

import (
	"strings"
	"sync"
)

// commandNames are the commands of all releases up to those of firstUnread: the
// tables of Redis 6.2.16, 7.0.15, 7.2.6 and 7.4.1, Valkey 7.2.7 and 8.0.1, and
// COMMAND LIST of Redis 8.0.2, Valkey 8.1.1 and 9.1.2.
const commandNames = `
acl append asking auth bgrewriteaof bgsave bitcount bitfield bitfield_ro bitop bitpos blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax
bzpopmin client cluster clusterscan command commandlog config copy dbsize debug decr decrby del delifeq discard dump echo eval eval_ro
evalsha evalsha_ro exec exists expire expireat expiretime failover fcall fcall_ro flushall flushdb function geoadd geodist geohash geopos
georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch geosearchstore get getbit getdel getex getrange getset hdel hello
hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys hlen hmget hmset host: hpersist hpexpire
hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals incr incrby incrbyfloat info keys lastsave latency lcs
lindex linsert llen lmove lmpop lolwut lpop lpos lpush lpushx lrange lrem lset ltrim memory mget migrate module monitor move mset msetex
msetnx multi object persist pexpire pexpireat pexpiretime pfadd pfcount pfdebug pfmerge pfselftest ping post psetex psubscribe psync pttl
publish pubsub punsubscribe quit randomkey readonly readwrite rename renamenx replconf replicaof reset restore restore-asking role rpop
rpoplpush rpush rpushx sadd save scan scard script sdiff sdiffstore select sentinel set setbit setex setnx setrange shutdown sinter
sintercard sinterstore sismember slaveof slowlog smembers smismember smove sort sort_ro spop spublish srandmember srem sscan ssubscribe
stralgo strlen subscribe substr sunion sunionstore sunsubscribe swapdb sync time touch ttl type unlink unsubscribe unwatch vadd vcard vdim
vemb vgetattr vinfo vismember vlinks vrandmember vrem vsetattr vsim wait waitaof watch xack xadd xautoclaim xclaim xdel xgroup xinfo xlen
xpending xrange xread xreadgroup xrevrange xsetid xtrim zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount
zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank
zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore
`

// firstUnread is the first release of an engine that may have commands which
// are not in the list.
var firstUnread = map[Engine]Release{Redis: {Redis, 8, 1}, Valkey: {Valkey, 9, 2}}

var commands = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, name := range strings.Fields(commandNames) {
		names[name] = true
	}
	return names
})

// LacksCommand reports whether a release surely has no command of a name: no
// release of its time has. Modules, whose commands have a dot, bring theirs
// later.
func (r Release) LacksCommand(name string) bool {
	unread, ok := firstUnread[r.Engine]
	return ok && r.Known() && r.Compare(unread) < 0 && !commands()[strings.ToLower(name)]
}
