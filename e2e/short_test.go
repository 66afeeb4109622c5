//go:build !long

package e2e

// The short form is the gate's.
const long = false
