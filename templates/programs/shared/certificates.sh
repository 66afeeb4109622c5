# has_tls tells whether this deployment speaks TLS.
has_tls() { [ -e /run/secrets/tls-key.pem ]; }

# copy_certificates puts the files of TLS where the server can read them: it is another user, who may not read the secrets.
copy_certificates() {
	if ! has_tls; then return; fi
	mkdir -p /run/redis/tls
	cp /run/secrets/tls-authority.pem /run/secrets/tls-certificate.pem /run/secrets/tls-key.pem /run/redis/tls/
}
