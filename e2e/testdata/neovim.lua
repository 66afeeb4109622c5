-- What a person does in Neovim, and what it shows: one line each, as JSON.
local function say(name, value) print(vim.json.encode({ name, value })) end

local client = vim.lsp.start_client({ name = "rcomp", cmd = { vim.env.RCOMP, "lsp" }, root_dir = vim.fn.getcwd() })
vim.cmd("edit compose.yml")
vim.lsp.buf_attach_client(0, client)

local function seen(rule)
	for _, d in ipairs(vim.diagnostic.get(0)) do
		if d.code == rule then return d end
	end
end
local function wait(what, wanted)
	if not vim.wait(20000, wanted, 10) then say("late", what); vim.cmd("cquit") end
end
local function ask(method, params)
	local answers = vim.lsp.buf_request_sync(0, method, params, 20000)
	return answers[client].result
end

wait("the finding", function() return seen("directive-invalid") end)
local found = seen("directive-invalid")
say("found", { found.lnum, found.col, found.end_col, found.message })

vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col - 5 })
say("hover", ask("textDocument/hover", vim.lsp.util.make_position_params()).contents.value)

vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
local words = {}
for _, item in ipairs(ask("textDocument/completion", vim.lsp.util.make_position_params()).items) do table.insert(words, item.label) end
say("complete", words)

-- Typed, and not saved.
vim.api.nvim_buf_set_text(0, found.lnum, found.col, found.lnum, found.end_col, { "yes" })
wait("the end of the finding", function() return not seen("directive-invalid") end)
say("typed", vim.api.nvim_buf_get_lines(0, found.lnum, found.lnum + 1, true)[1])

local function fix(rule)
	local at = seen(rule)
	local params = vim.lsp.util.make_given_range_params({ at.lnum + 1, at.col }, { at.end_lnum + 1, at.end_col })
	params.context = { diagnostics = {} }
	local action = ask("textDocument/codeAction", params)[1]
	vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
	wait("the end of " .. rule, function() return not seen(rule) end)
	return action.title
end
say("fixed", { fix("version-key-obsolete"), vim.api.nvim_buf_get_lines(0, 0, 1, true)[1] })

-- This one makes files. This release of Neovim makes no directories for them.
vim.loop.fs_mkdir("secrets", 448) -- 0700
say("moved", fix("password-in-argv"))
vim.cmd("silent wall")

vim.lsp.stop_client(client)
wait("the end of the session", function() return vim.lsp.client_is_stopped(client) end)
say("ended", true)
vim.cmd("qall!")
