"use strict";

// It runs rcomp, as it is on a command line, aside of the page. Each run is a
// program of its own with files of its own.
importScripts("files.js");
globalThis.process = {
	pid: 1, ppid: 0, getuid: () => 0, getgid: () => 0, geteuid: () => 0, getegid: () => 0, getgroups: () => [], umask: () => 0o022,
	cwd: () => work, chdir() {
		throw fault("ENOSYS");
	},
};
globalThis.fs = systemOf(new Files({}));
globalThis.path = { resolve: (...parts) => absolute(parts.join("/")) };
importScripts("wasm_exec.js");

const compiled = WebAssembly.compileStreaming(fetch("rcomp.wasm"));

// run runs one command line over files, and returns what it has said and left.
async function run(texts, commandLine) {
	const files = new Files(Object.fromEntries(Object.entries(texts).map(([name, text]) => [work + "/" + name, text])));
	files.directories(work);
	files.directories("/tmp");
	Object.assign(globalThis.fs, systemOf(files));
	const go = new Go();
	go.argv = ["rcomp", ...commandLine];
	go.env = { HOME: work, PWD: work };
	let status = 0;
	go.exit = (code) => {
		status = code;
	};
	await go.run(await WebAssembly.instantiate(await compiled, go.importObject));
	return { status, stdout: files.output(1), stderr: files.output(2), files: files.texts(work) };
}

// One after the other: the programs share the names that Go looks for.
let before = Promise.resolve();
onmessage = ({ data: { id, texts, commandLine } }) => {
	before = before.then(async () => {
		try {
			postMessage({ id, result: await run(texts, commandLine) });
		} catch (error) {
			postMessage({ id, error: String(error) });
		}
	});
};
compiled.then(() => postMessage({ ready: true }), (error) => postMessage({ broken: String(error) }));
