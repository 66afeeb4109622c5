// Command playground builds rcomp for a browser and serves the page that runs
// it, on this machine alone; -o writes it for a server of files instead.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// pages are the files of the page that stand in this directory.
var pages = []string{"index.html", "page.css", "page.js", "topology.js", "worker.js", "files.js"}

func main() {
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "playground: %v\n", err)
		os.Exit(1)
	}
}

func run() error {
	output := flag.String("o", "", "write the page to this `DIRECTORY`, and serve nothing")
	listen := flag.String("listen", "127.0.0.1:8123", "serve on this `ADDRESS`")
	flag.Parse()
	if *output != "" {
		return build(*output)
	}
	directory, err := os.MkdirTemp("", "rcomp-playground-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	if err := build(directory); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/\n", listener.Addr())
	return serve(listener, directory)
}

// serve serves until it is interrupted.
func serve(listener net.Listener, directory string) error {
	server := &http.Server{Handler: headed(http.FileServerFS(os.DirFS(directory))), ReadHeaderTimeout: 10 * time.Second}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	go func() {
		<-interrupted
		server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// headed says once more what the page says of itself: nothing but its own files
// is loaded, and nothing is sent.
func headed(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy",
			"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(w, r)
	})
}

// build puts the page together: its files, the program, and what Go has for
// programs in a browser.
func build(directory string) error {
	source, err := goSays("list", "-f", "{{.Dir}}", "github.com/rcomp/rcomp/docs/playground")
	if err != nil {
		return err
	}
	root, err := goSays("env", "GOROOT")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	from := []string{filepath.Join(root, "lib", "wasm", "wasm_exec.js")}
	for _, page := range pages {
		from = append(from, filepath.Join(source, page))
	}
	for _, file := range from {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(directory, filepath.Base(file)), content, 0o644); err != nil {
			return err
		}
	}
	command := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(directory, "rcomp.wasm"), "github.com/rcomp/rcomp")
	command.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	command.Dir, command.Stdout, command.Stderr = source, os.Stdout, os.Stderr
	return command.Run()
}

func goSays(arguments ...string) (string, error) {
	command := exec.Command("go", arguments...)
	command.Stderr = os.Stderr
	text, err := command.Output()
	return strings.TrimSpace(string(text)), err
}
