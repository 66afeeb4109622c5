package credentials

import "crypto/rand"

const (
	// passwordAlphabet has no character that redis.conf, a shell, YAML or a URL
	// takes for something else. Its 64 characters divide the values of a byte
	// evenly.
	passwordAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	passwordLength   = 43 // 258 bits
)

// newPassword makes a password and the line end that a text file has; the shell
// that reads the file drops it. The first character is a letter or digit, so
// that no program takes it for an option.
func newPassword() ([]byte, error) {
	random := make([]byte, passwordLength)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	password := make([]byte, passwordLength)
	for i, b := range random {
		password[i] = passwordAlphabet[b%64]
	}
	password[0] = passwordAlphabet[random[0]%32]
	return append(password, '\n'), nil
}
