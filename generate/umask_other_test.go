//go:build !unix

package generate

func setUmask(int) (old int) { return 0 }
