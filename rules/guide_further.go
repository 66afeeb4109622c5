package rules

var furtherGuides = map[string]Guide{
	"password-weak": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass changeme\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n",
		Mend:     "Make a long one, and keep it out of the file: ${PASSWORD:?}, a secret, a conf that git ignores.",
		Ignore:   "In a file that is only for development and publishes nothing.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtOnce}},
	},
	"password-is-path": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass /run/secrets/password\n",
		NearMiss: "services:\n  cache:\n    image: bitnami/redis:latest\n    environment: {REDIS_PASSWORD_FILE: /run/secrets/password}\n    secrets: [password]\nsecrets:\n  password: {file: ./password}\n",
		Mend:     "Name the file by the variable that ends in _FILE, where the image has one; else mount a conf file as the secret.",
		Ignore:   "Never: the path is the password.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"variable-not-expanded": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /redis.conf\n    configs: [redis.conf]\nconfigs:\n  redis.conf: {content: \"requirepass $${PASSWORD}\"}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /redis.conf\n    configs: [redis.conf]\nconfigs:\n  redis.conf: {content: \"requirepass ${PASSWORD:?}\"}\n",
		Mend:     "Fill the file in at the start, as by envsubst, or give the directive in the command.",
		Ignore:   "Where something that is not seen fills the file in before the server reads it.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtOnce}},
	},
	"variable-not-read": {
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    environment: {REDIS_PASSWORD: \"${PASSWORD:?}\"}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: sh -c 'exec redis-server --requirepass \"$$REDIS_PASSWORD\"'\n    environment: {REDIS_PASSWORD: \"${PASSWORD:?}\"}\n",
		Mend:     "Give the directive in the command or a conf file, or use the image that reads the variable.",
		Ignore:   "Where something else in the container reads it.",
		Cases: []Case{{Hurt: Data, Surely: Conditional, Soon: AtOnce},
			{When: "the server is no other for it", Hurt: Readers, Surely: Certain, Soon: AtOnce}},
	},
	"queue-evicts": {
		Fault:    "services:\n  queue:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 256mb --maxmemory-policy allkeys-lru\n  worker:\n    image: example/app:1\n    environment: {CELERY_BROKER_URL: \"redis://queue:6379/0\"}\n",
		NearMiss: "services:\n  queue:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 256mb --maxmemory-policy noeviction\n  worker:\n    image: example/app:1\n    environment: {CELERY_BROKER_URL: \"redis://queue:6379/0\"}\n",
		Mend:     "Set maxmemory-policy noeviction, and run the cache on a server of its own.",
		Ignore:   "Where lost jobs are made again.",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: AtFault}},
	},
	"data-volume-shared": {
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    volumes: [data:/data]\n  two:\n    image: redis:7.4.6\n    volumes: [data:/data]\nvolumes: {data: {}}\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    volumes: [one:/data]\n  two:\n    image: redis:7.4.6\n    volumes: [two:/data]\nvolumes: {one: {}, two: {}}\n",
		Mend:     "Give each server a volume of its own.",
		Ignore:   "Where the two are never run at once; say so with profiles.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtFault}},
	},
	"sentinel-conf-shared": {
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n  two:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n",
		Mend:     "Give each sentinel a directory of its own.",
		Ignore:   "Never: they overwrite each other.",
		Cases:    []Case{{Hurt: Data, Surely: Certain, Soon: AtFault}},
	},
	"image-ended": {
		Fault:    "services:\n  cache:\n    image: redis:6.0\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4\n",
		Mend:     "Name a line that is maintained, and make a backup before.",
		Ignore:   "Where somebody else maintains the line for you.",
		Cases:    []Case{{Hurt: Data, Surely: Possible, Soon: AtFault}},
	},
	"image-frozen": {
		Fault:    "services:\n  cache:\n    image: bitnami/redis:7.4.2\n",
		NearMiss: "services:\n  cache:\n    image: bitnami/redis:latest\n",
		Mend:     "Use the official image.",
		Ignore:   "Where the image is kept in a registry of your own that stands before docker.io.",
		Cases:    []Case{{Hurt: Data, Surely: Conditional, Soon: AtFault}},
	},
}
