"use strict";

// What files say is put into the page as text and never as HTML: they may be a
// stranger's.

const $ = (id) => document.getElementById(id);

function element(name, className, ...children) {
	const made = document.createElement(name);
	if (className) {
		made.className = className;
	}
	made.append(...children);
	return made;
}

const examples = {
	"compose.yml": `version: "3.8"
services:
  cache:
    image: redis:7.2.4
    command: redis-server /usr/local/etc/redis/redis.conf
    volumes:
      - ./redis.conf:/usr/local/etc/redis/redis.conf:ro
    ports:
      - "6379:6379"
  replica:
    image: redis:7.2.4
    command: redis-server --replicaof cache 6379
    mem_limit: 512m
  app:
    image: example/app:1.4
    environment:
      REDIS_URL: redis://cache:6379/0
`,
	"redis.conf": `maxmemory 1.5gb
maxmemory-polcy allkeys-lru
appendonly no
`,
	"redis.toml": `name = "sessions"
role = "cache"
topology = "standalone"
memory = "512M"
engine = "valkey"
version = "8.1"
`,
};

// The program, aside.
const worker = new Worker("worker.js");
const waiting = new Map();
let asked = 0;

function rcomp(texts, ...commandLine) {
	return new Promise((resolve, reject) => {
		waiting.set(++asked, { resolve, reject });
		worker.postMessage({ id: asked, texts, commandLine });
	});
}

worker.onmessage = ({ data }) => {
	if (data.ready) {
		state("ready");
		look();
	} else if (data.broken) {
		state("rcomp cannot be loaded: " + data.broken);
	} else {
		const { resolve, reject } = waiting.get(data.id);
		waiting.delete(data.id);
		if (data.error) {
			reject(new Error(data.error));
		} else {
			resolve(data.result);
		}
	}
};

function state(text) {
	$("state").textContent = text;
}

const boxes = { "compose.yml": $("compose"), "redis.conf": $("conf") };

// What fixes have made beside the boxes: secrets, .gitignore.
let others = {};

function texts() {
	const found = { ...others };
	for (const [name, box] of Object.entries(boxes)) {
		if (box.value.trim() !== "") {
			found[name] = box.value;
		}
	}
	return found;
}

// look asks for everything anew. Only the newest answer counts.
let newest = 0;

async function look() {
	const mine = ++newest;
	const current = () => mine === newest;
	state("looking…");
	try {
		if ($("judged").hidden) {
			await write(current);
		} else {
			await judge(current);
		}
		if (current()) {
			state("ready");
		}
	} catch (error) {
		if (current()) {
			state("rcomp met a fault of its own: " + error.message);
		}
	}
}

async function judge(current) {
	const files = texts();
	const lint = await rcomp(files, "lint", "--format", "json", ".");
	if (!current()) {
		return;
	}
	showFindings(lint);
	const diff = await rcomp(files, "lint", "--diff", "--unsafe-fixes", "--color", "never", ".");
	if (!current()) {
		return;
	}
	showDiff($("diff"), diff.stdout, "Nothing that is found has a fix.");
	const inspected = await rcomp(files, "inspect", "--format", "json", "compose.yml");
	if (!current()) {
		return;
	}
	showConfiguration(inspected);
	const related = await rcomp(files, "inspect", "--topology", "--format", "json", "compose.yml");
	if (current()) {
		showTopology($("topology"), read(related) || read(inspected));
	}
}

// read is the JSON that a run printed, null where it printed none.
function read(run) {
	try {
		return JSON.parse(run.stdout);
	} catch {
		return null;
	}
}

function showFindings(run) {
	const report = read(run);
	if (!report) {
		$("count").textContent = "";
		$("findings").replaceChildren(element("li", "none", run.stderr.trim()));
		return;
	}
	$("count").textContent = counted(report.findings);
	$("fix").disabled = !report.findings.some((finding) => finding.fix && !finding.fix.unsafe);
	$("fix-all").disabled = !report.findings.some((finding) => finding.fix);
	const items = report.findings.map((finding) => {
		const place = element("button", "place", `${finding.file}:${finding.line}`);
		place.type = "button";
		place.addEventListener("click", () => select(finding));
		const item = element("li", finding.severity, element("div", "head", element("strong", "", finding.severity), " ", place, " ", element("code", "", finding.rule)),
			element("div", "", finding.message));
		const line = (texts()[finding.file] || "").split("\n")[finding.line - 1];
		if (line !== undefined && line.trim() !== "") {
			item.append(element("pre", "", line.trim()));
		}
		if (finding.fix) {
			item.append(element("div", "fix", (finding.fix.unsafe ? "unsafe fix: " : "fix: ") + finding.fix.title));
		} else if (finding.help && finding.help.lines) {
			item.append(element("div", "fix", finding.help.where), element("pre", "", finding.help.lines.join("\n")));
		}
		return item;
	});
	for (const unseen of report.unseen) {
		items.push(element("li", "unseen", element("div", "head", element("strong", "", "not seen"), ` ${unseen.file}:${unseen.line}`), element("div", "", unseen.message)));
	}
	if (items.length === 0) {
		items.push(element("li", "none", "Nothing is found."));
	}
	$("findings").replaceChildren(...items);
	mark(report.findings);
}

// counted says how many findings of each severity there are.
function counted(findings) {
	const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
	return ["error", "warning", "note"].filter(count).map((severity) => `${count(severity)} ${severity}${count(severity) > 1 ? "s" : ""}`).join(", ");
}

// mark says at each line how bad what is found in it is.
function mark(findings) {
	for (const [name, box] of Object.entries(boxes)) {
		const severities = new Map();
		for (const finding of findings.filter((finding) => finding.file === name)) {
			severities.set(finding.line, worst(severities.get(finding.line), finding.severity));
		}
		number(box, severities);
	}
}

function worst(...severities) {
	return ["error", "warning", "note"].find((severity) => severities.includes(severity)) || "";
}

// number writes the numbers of the lines beside a box.
function number(box, severities = new Map()) {
	const gutter = box.previousElementSibling;
	gutter.replaceChildren(...box.value.split("\n").map((_, index) => element("span", severities.get(index + 1), `${index + 1}\n`)));
	gutter.scrollTop = box.scrollTop;
}

// select marks the place of a finding in its box.
function select(finding) {
	const box = boxes[finding.file];
	if (!box) {
		return;
	}
	const lines = box.value.split("\n");
	const offset = (line, column) => lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + [...(lines[line - 1] || "")].slice(0, column - 1).join("").length;
	box.focus();
	box.setSelectionRange(offset(finding.line, finding.column), offset(finding.endLine, finding.endColumn));
	const height = parseFloat(getComputedStyle(box).lineHeight);
	box.scrollTop = Math.max(0, (finding.line - 4) * height);
}

function showDiff(box, diff, nothing) {
	const lines = diff.split("\n");
	if (!lines.some((line) => line.startsWith("@@"))) {
		box.replaceChildren(nothing);
		return;
	}
	box.replaceChildren(...lines.map((line) => {
		const kind = { "+": "added", "-": "removed", "@": "place" }[line[0]];
		return element("span", /^(\+\+\+|---) /.test(line) ? "place" : kind, line + "\n");
	}));
}

function showConfiguration(run) {
	const document = read(run);
	if (!document) {
		$("configuration").replaceChildren(element("p", "none", run.stderr.trim()));
		return;
	}
	$("configuration").replaceChildren(...document.services.map((service) => {
		const rows = Object.entries(service.directives).filter(([, directive]) => directive.origin.kind !== "default").map(([name, directive]) =>
			element("tr", "", element("th", "", name), element("td", "", directive.value || '""'),
				element("td", "origin", directive.origin.file ? `${directive.origin.file}:${directive.origin.line}` : directive.origin.kind)));
		const defaults = Object.values(service.directives).filter((directive) => directive.origin.kind === "default").length;
		const box = element("details", "", element("summary", "", element("strong", "", service.name), ` ${service.kind} ${service.engine} ${service.version}`));
		box.open = true;
		for (const end of service.ends || []) {
			box.append(element("p", "error", "It ends as soon as it is started: " + end.message));
		}
		if (rows.length > 0) {
			box.append(element("div", "wide", element("table", "", element("tbody", "", ...rows))));
		}
		for (const unknown of service.unknown) {
			box.append(element("p", "unseen", `not known: ${unknown.directive ? unknown.directive + ": " : ""}${unknown.reason}`));
		}
		box.append(element("p", "origin", `and ${defaults} defaults`));
		return box;
	}));
}

async function write(current) {
	const run = await rcomp({ "redis.toml": $("intent").value }, "gen", "redis.toml");
	if (!current()) {
		return;
	}
	$("problems").textContent = run.status === 0 ? "" : run.stderr.trim();
	const names = Object.keys(run.files).filter((name) => name !== "redis.toml" && !name.startsWith("secrets/")).sort();
	$("files").replaceChildren(...names.map((name) => {
		const box = element("details", "", element("summary", "", name), element("pre", "", run.files[name]));
		box.open = name === "docker-compose.yml";
		return box;
	}));
}

// fix applies fixes as rcomp lint --fix does.
async function fix(...flags) {
	const files = texts();
	const mine = ++newest;
	const run = await rcomp(files, "lint", "--fix", ...flags, "--format", "json", ".");
	if (mine !== newest) {
		return; // somebody has typed meanwhile
	}
	others = {};
	for (const [name, text] of Object.entries(run.files)) {
		if (boxes[name]) {
			boxes[name].value = text;
			number(boxes[name]);
		} else {
			others[name] = text;
		}
	}
	const made = Object.keys(others);
	$("made").textContent = made.length > 0 ? "Fixes have made " + made.join(", ") + " too." : "";
	look();
}

function show(judging) {
	$("judged").hidden = $("results").hidden = !judging;
	$("written").hidden = $("generated").hidden = judging;
	$("judge").setAttribute("aria-pressed", String(judging));
	$("generate").setAttribute("aria-pressed", String(!judging));
	look();
}

let pause;
for (const box of [...Object.values(boxes), $("intent")]) {
	box.addEventListener("scroll", () => {
		box.previousElementSibling.scrollTop = box.scrollTop;
	});
	box.addEventListener("input", () => {
		number(box);
		clearTimeout(pause);
		pause = setTimeout(look, 250);
	});
}
$("judge").addEventListener("click", () => show(true));
$("generate").addEventListener("click", () => show(false));
$("fix").addEventListener("click", () => fix());
$("fix-all").addEventListener("click", () => fix("--unsafe-fixes"));
$("compose").value = examples["compose.yml"];
$("conf").value = examples["redis.conf"];
$("intent").value = examples["redis.toml"];
for (const box of [...Object.values(boxes), $("intent")]) {
	number(box);
}
