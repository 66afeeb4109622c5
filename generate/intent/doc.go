// Package intent is what a short TOML file asks for.
package intent
