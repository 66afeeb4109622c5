package generate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/rollout"
)

// TestChangesOfWhatPeopleTouched has files that somebody lost, edited or checked
// out with other line ends between two runs of gen. docs/changes.md has those
// that gen wrote.
func TestChangesOfWhatPeopleTouched(t *testing.T) {
	const (
		sentinel = "topology = \"sentinel\"\n"
		cluster  = "topology = \"cluster\"\n"
		web      = "[[users]]\nname = \"web\"\npreset = \"application\"\n"
		tls      = "[tls]\nauthority = \"development\"\n"
		digest   = "name = \"shop\"\nrole = \"queue\"\nmemory = \"512M\"\n"
		caches   = "name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\n"
		valkey   = "name = \"shop\"\nrole = \"queue\"\nmemory = \"512M\"\nengine = \"valkey\"\nversion = \"9.1\"\n"
		subnet   = "subnet = \"10.77.12.0/24\"\n"
		stop, up = "docker compose stop", "docker compose up --detach --wait"
	)
	remove := func(paths ...string) func(string) {
		return func(dir string) {
			for _, path := range paths {
				require.NoError(t, os.Remove(filepath.Join(dir, path)))
			}
		}
	}
	edit := func(path, from, to string) func(string) {
		return func(dir string) {
			content, err := os.ReadFile(filepath.Join(dir, path))
			require.NoError(t, err)
			require.Contains(t, string(content), from)
			require.NoError(t, os.WriteFile(filepath.Join(dir, path), []byte(strings.ReplaceAll(string(content), from, to)), 0o600))
		}
	}
	onWindows := func(dir string) {
		for _, path := range []string{"docker-compose.yml", "redis.conf"} {
			edit(path, "\n", "\r\n")(dir)
		}
	}
	for what, c := range map[string]struct {
		before, after string
		touch         func(dir string)
		says          []string // nothing else
		leaves        bool
		next          []string
	}{
		"redis.conf is lost":                    {touch: remove("redis.conf"), next: []string{up}},
		"redis.conf is lost, and the data move": {after: sentinel, touch: remove("redis.conf"), says: []string{"the topology changes from standalone to sentinel: the data are in the volume shop_data,", "clients change with the servers: they ask the sentinels"}, leaves: true, next: []string{"docker compose down --remove-orphans", up + " --remove-orphans"}},
		"redis.conf of TLS is lost":             {before: tls, after: tls, touch: remove("redis.conf"), next: []string{up}},
		"redis.conf from before TLS":            {before: tls, after: tls, touch: edit("redis.conf", "\ntls-port", "\n# tls-port"), next: []string{up + " --force-recreate"}},
		"a cluster without redis.conf":          {before: cluster, after: cluster, touch: remove("redis.conf"), next: []string{"sh roll.sh"}},
		"the compose file is lost":              {after: sentinel, touch: remove("docker-compose.yml"), says: []string{"docker-compose.yml is missing beside README.md: what it started"}},
		"what deploys is lost":                  {after: sentinel, touch: remove("docker-compose.yml", "redis.conf"), says: []string{"docker-compose.yml is missing beside README.md: what it started"}},
		"all is lost":                           {after: sentinel, touch: remove("docker-compose.yml", "redis.conf", "README.md")},
		"the compose file is broken":            {after: sentinel, touch: edit("docker-compose.yml", "\nservices:", "\nservices: {"), says: []string{"docker-compose.yml is not as gen writes it, and is replaced: what it started"}},
		"another one's compose file":            {touch: edit("docker-compose.yml", "# rcomp-digest", "# digest"), says: []string{"docker-compose.yml is not as gen writes it, and is replaced"}},
		"a compose file of one's own, beside a stack": {after: "target = \"swarm\"\n", touch: func(dir string) {
			remove("docker-compose.yml", "redis.conf")(dir)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "docker-compose.yml"), []byte("services: {}\n"), 0o600))
		}},
		"a volume with a name of its own":        {touch: edit("docker-compose.yml", "  data: {}", "  data: {name: mine}"), says: []string{"the data are in the volume mine, which nothing would mount any more"}, leaves: true, next: []string{up}},
		"an external volume":                     {touch: edit("docker-compose.yml", "  data: {}", "  data: {external: true}"), says: []string{"the data are in the volume data, which nothing would mount any more"}, leaves: true, next: []string{up}},
		"an external volume with a name":         {touch: edit("docker-compose.yml", "  data: {}", "  data: {external: true, name: mine}"), says: []string{"the data are in the volume mine, which nothing would mount any more"}, leaves: true, next: []string{up}},
		"data without a volume":                  {touch: edit("docker-compose.yml", "target: /data", "target: /var/lib/redis"), says: []string{"the data are in volumes without a name, which nothing would mount any more"}, leaves: true, next: []string{up}},
		"a project without a name":               {touch: edit("docker-compose.yml", "name: shop\n", ""), says: []string{"the name changes from DIRECTORY to shop: what runs", "the name changes from DIRECTORY to shop: the data are in the volume DIRECTORY_data"}, leaves: true, next: []string{up}},
		"data in another directory":              {touch: edit("redis.conf", "dir /data", "dir /data/sub"), says: []string{"dir becomes /data and was /data/sub:"}, leaves: true, next: []string{up + " --force-recreate"}},
		"data in files of other names":           {touch: edit("redis.conf", "appenddirname appendonlydir", "appenddirname mine"), says: []string{"appenddirname becomes appendonlydir and was mine:"}, leaves: true, next: []string{up + " --force-recreate"}},
		"the same place in other words":          {touch: edit("redis.conf", "dir /data", "dir \"/data/\""), next: []string{up + " --force-recreate"}},
		"a directory for the data":               {touch: edit("docker-compose.yml", "- type: volume\n        source: data", "- type: bind\n        source: ./data"), says: []string{"the data are in the directory ./data, which nothing would mount any more"}, leaves: true, next: []string{up}},
		"line ends of Windows":                   {before: web, after: web, touch: onWindows},
		"line ends of Windows, and a change":     {before: web, after: "log-files = 4\n" + web, touch: onWindows, next: []string{up}},
		"a password is lost":                     {touch: remove("secrets/redis-password"), says: []string{"made anew: secrets/redis-password; servers know the former ones until they restart"}, next: []string{up + " --force-recreate"}},
		"a password is lost, and something else": {after: "log-files = 4\n", touch: remove("secrets/redis-password"), says: []string{"made anew: secrets/redis-password;"}, next: []string{up + " --force-recreate"}},
		"a user's password is lost, in a set":    {before: sentinel + web, after: sentinel + web, touch: remove("secrets/user-web-password"), says: []string{"made anew: secrets/user-web-password;"}, next: []string{"sh roll.sh"}},
		"the replicas' password is lost":         {before: sentinel, after: sentinel, touch: remove("secrets/replica-password"), says: []string{"made anew: secrets/replica-password;", "all members stop and start together"}, next: []string{stop, up}},
		"the authority is lost":                  {before: tls, after: tls, touch: remove("secrets/tls-authority.pem", "secrets/tls-authority-key.pem", "secrets/tls-certificate.pem"), says: []string{"made anew: secrets/tls-authority.pem; clients that trust the former one trust no server"}, next: []string{up + " --force-recreate"}},
		"comments of another release of gen": {touch: func(dir string) {
			edit("redis.conf", "# After a crash", "# Then, after a crash")(dir)
			edit("redis.conf", "\n# rcomp-digest: ", "\n# rcomp-digest: sha256:"+strings.Repeat("0", 64)+"\n# digest: ")(dir)
		}},
		"another authority, in a set": {before: sentinel + tls, after: sentinel + tls, touch: edit("docker-compose.yml", "file: ./secrets/tls-authority.pem", "file: ./certs/ca.pem"),
			says: []string{"another authority: clients have to trust the one in secrets/tls-authority.pem", "all members stop and start together"}, next: []string{stop, up}},
		"a certificate is to be renewed": {before: tls, after: tls, touch: remove("secrets/tls-certificate.pem"), says: []string{"made anew: secrets/tls-certificate.pem; README.md has what brings it"}},
		"a password is lost, in a swarm": {before: "target = \"swarm\"\n", after: "target = \"swarm\"\n", touch: remove("secrets/redis-password"), says: []string{"made anew: secrets/redis-password;", "a swarm keeps the former secrets under their names: count secrets-version up"}},
		"a compose file was left by another target": {before: "target = \"swarm\"\n", after: "target = \"swarm\"\nlog-files = 4\n", touch: func(dir string) {
			deployedNext(t, "")(dir)
			deployedNext(t, "target = \"swarm\"\n")(dir)
		}, next: []string{"docker stack deploy --resolve-image never --detach=false --compose-file docker-stack.yml shop"}},

		"from a stack that ran after the compose file": {after: "log-files = 4\n", touch: deployedNext(t, "target = \"swarm\"\n"+sentinel), leaves: true,
			says: []string{"the target changes from a swarm:", "the topology changes from sentinel to standalone: the data are in the volumes shop_data-1", "clients change with the servers:"},
			next: []string{"docker stack rm shop", "until left=$(docker ps --quiet --filter label=com.docker.stack.namespace=shop) && [ -z \"$left\" ]; do sleep 1; done", up}},
		"to a stack that ran before the compose file": {before: "target = \"swarm\"\n", after: "target = \"swarm\"\n", touch: deployedNext(t, ""),
			says: []string{"the target changes to a swarm:"},
			next: []string{"docker compose --project-name shop down --remove-orphans", "docker stack deploy --resolve-image never --detach=false --compose-file docker-stack.yml shop"}},
		"from a stack that is lost": {touch: func(dir string) {
			deployedNext(t, "target = \"swarm\"\n")(dir)
			remove("docker-compose.yml", "docker-stack.yml")(dir)
		},
			says: []string{"docker-stack.yml is missing beside README.md: what it started"}},
		"fewer databases": {after: "[redis]\ndatabases = 4\n", says: []string{"databases becomes 4 and was 16: keys of databases from 4 on"}, leaves: true, next: []string{up}},
		"more databases":  {before: "[redis]\ndatabases = 4\n", after: "[redis]\ndatabases = 20\n", next: []string{up}},
		"fewer databases, which a cluster has not": {before: cluster, after: cluster + "[redis]\ndatabases = 4\n", next: []string{"sh roll.sh"}},
		"fewer databases of a cluster":             {before: valkey + cluster + "[redis]\ncluster-databases = 4\n", after: valkey + cluster, says: []string{"cluster-databases becomes 1 and was 4:"}, leaves: true, next: []string{"sh roll.sh"}},
		"another name with the same port": {before: caches + "publish = \"127.0.0.1:6380\"\n", after: strings.Replace(caches, "shop", "store", 1) + "publish = \"127.0.0.1:6380\"\n",
			says: []string{"the name changes from shop to store: what runs as shop goes on until it is taken down with", "store starts without keys"},
			next: []string{"docker compose --project-name shop down --remove-orphans", up}},
		"another name with the same subnet": {before: caches + sentinel + subnet, after: strings.Replace(caches, "shop", "store", 1) + sentinel + subnet,
			says: []string{"the name changes from shop to store: what runs as shop", "store starts without keys"},
			next: []string{"docker compose --project-name shop down --remove-orphans", up}},
		"another name with the same subnet, in a swarm": {before: caches + sentinel + "target = \"swarm\"\n" + subnet, after: strings.Replace(caches, "shop", "store", 1) + sentinel + "target = \"swarm\"\n" + subnet,
			says: []string{"the name changes from shop to store: what runs as shop goes on until it is taken down with", "store starts without keys", "members come for nodes with the label store-1, store-2, store-3:"},
			next: []string{"docker stack rm shop", "until left=$(docker ps --quiet --filter label=com.docker.stack.namespace=shop) && [ -z \"$left\" ]; do sleep 1; done", "docker stack deploy --resolve-image never --detach=false --compose-file docker-stack.yml store"}},
		"another name with another subnet": {before: caches + sentinel, after: strings.Replace(caches, "shop", "store", 1) + sentinel,
			says: []string{"the name changes from shop to store: what runs as shop", "store starts without keys"}, next: []string{up}},

		"other networks":                {after: "networks = [\"front\"]\n", says: []string{"servers leave the network shop_redis: clients there", "servers join the network front: whoever is there"}, next: []string{up}},
		"networks of a set":             {before: sentinel + "networks = [\"front\"]\n", after: sentinel + "networks = [\"back\"]\n", says: []string{"servers leave the network front:", "servers join the network back:"}, next: []string{"sh roll.sh"}},
		"the host's network":            {after: "network-mode = \"host\"\n", says: []string{"servers leave the network shop_redis:", "the host listens on 127.0.0.1:6379:"}, next: []string{up}},
		"the host's network no more":    {before: "network-mode = \"host\"\n", says: []string{"servers join the network shop_redis:", "the host does not listen on 127.0.0.1:6379 any more:"}, next: []string{up}},
		"a port of the host that stays": {before: "publish = \"127.0.0.1:6379\"\n", after: "network-mode = \"host\"\n", says: []string{"servers leave the network shop_redis:"}, next: []string{up}},
		"the exporter's port closes":    {before: "exporter = true\nexporter-publish = \"127.0.0.1:9121\"\n", after: "exporter = true\n", says: []string{"the host does not listen on 127.0.0.1:9121 any more: whoever reads metrics"}, next: []string{up + " --no-deps --force-recreate shop-exporter"}},
		"another name, and fewer masters": {before: cluster + "masters = 4\n", after: "name = \"store\"\nrole = \"queue\"\nmemory = \"512M\"\nversion = \"8.0\"\n" + cluster,
			says: []string{"the name changes from shop to store: what runs", "the name changes from shop to store: the data"}, leaves: true, next: []string{up}},
		"fewer masters of as many nodes": {before: cluster + "masters = 6\n", after: cluster + "replicas = 3\n", says: []string{"the cluster keeps its 6 masters until the slots"}, next: []string{"sh roll.sh"}},
		"a set of caches becomes a cluster": {before: caches + "topology = \"replicated\"\n", after: caches + cluster,
			says: []string{"clients change with the servers: they have to know clusters", "all members stop and start together", "the restart empties"}, next: []string{stop, up}},
		"another name, in a swarm": {before: sentinel + "target = \"swarm\"\n", after: "name = \"store\"\nrole = \"queue\"\nmemory = \"512M\"\nversion = \"8.0\"\ntarget = \"swarm\"\n" + sentinel,
			says: []string{"the name changes from shop to store: what runs", "the name changes from shop to store: the data", "members come for nodes with the label store-1, store-2, store-3:"}, leaves: true,
			next: []string{"docker stack deploy --resolve-image never --detach=false --compose-file docker-stack.yml store"}},
		"an older release, by digests": {before: digest + "version = \"8.0\"\nimage = \"redis@sha256:" + strings.Repeat("0", 64) + "\"\n", after: digest + "version = \"7.0\"\nimage = \"redis@sha256:" + strings.Repeat("1", 64) + "\"\n",
			says: []string{"the release goes back from redis 8.0 to redis 7.0"}, leaves: true, next: []string{up}},
		"a user more, in a swarm": {before: sentinel + "target = \"swarm\"\n" + web, after: sentinel + "target = \"swarm\"\n" + web + strings.Replace(web, "web", "jobs", 1),
			says: []string{"the user jobs comes"}, next: []string{"sh roll.sh shop"}},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			_, err := ondisk.Write(dir, fileSet(t, c.before), false)
			require.NoError(t, err)
			if c.touch != nil {
				c.touch(dir)
			}
			files := fileSet(t, c.after)
			changes, err := ondisk.Compare(dir, files)
			require.NoError(t, err)
			standing := rollout.Standing(dir)
			consequences := rollout.Consequences(standing, files, changes)
			for n, consequence := range consequences {
				if assert.Less(t, n, len(c.says), consequence.Message) {
					assert.Contains(t, consequence.Message, c.says[n])
				}
			}
			assert.Len(t, consequences, len(c.says))
			assert.Equal(t, c.leaves, rollout.Way(consequences) != "")
			assert.Equal(t, c.next, rollout.Next(rollout.Client{Command: "redis-cli", Secret: "redis-password"}, standing, files, changes))
		})
	}
}

// deployedNext writes what another intent says over what is there.
func deployedNext(t *testing.T, lines string) func(dir string) {
	return func(dir string) {
		_, err := ondisk.Write(dir, fileSet(t, lines), true)
		require.NoError(t, err)
	}
}

// fileSet compiles lines of an intent.
func fileSet(t *testing.T, lines string) []ondisk.File {
	t.Helper()
	if !strings.HasPrefix(lines, "name = ") {
		lines = "name = \"shop\"\nrole = \"queue\"\nmemory = \"512M\"\nversion = \"8.0\"\n" + lines
	}
	plan, problems := Compile("redis.toml", []byte(lines))
	require.Empty(t, problems)
	files, err := Files(plan)
	require.NoError(t, err)
	return files
}
