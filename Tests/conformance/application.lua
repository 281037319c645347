-- stingray.Application, as far as this version has it.
local Application = stingray.Application

describe("Application.argv", function()
  it("gives strings", function()
    for _, argument in ipairs({ Application.argv() }) do assert.equal("string", type(argument)) end
  end)
  it("rejects nothing: arguments too many are ignored", function()
    assert.equal(select("#", Application.argv()), select("#", Application.argv(1)))
  end)
end)

describe("Application.build_identifier", function()
  it("is a text", function() assert.is_true(#Application.build_identifier() > 0) end)
  it("rejects nothing: arguments too many are ignored", function()
    assert.equal(Application.build_identifier(), Application.build_identifier({}))
  end)
end)

describe("Application.console_command", function()
  it("runs a command of the console", function()
    local peer = simulate.peers({ count = 1 })[1]
    peer:run(function()
      stingray.Application.console_command("network", "log", "silent")
      stingray.Application.console_command("network")
    end)
    local lines = table.concat(peer:log("messages"), "\n")
    assert.matches("network log silent|warnings|messages|spew +How much the network logs%.", lines)
    assert.matches("log: silent", lines)
  end)
  it("takes words in one text, in several, and as numbers", function()
    Application.console_command("network log silent")
    Application.console_command("  network ", "log", "silent")
  end)
  it("rejects commands that nobody knows", function()
    assert.has_error(function() Application.console_command("netwrok") end,
      'Application.console_command: there is no command "netwrok"; the commands are network, perfhud, help; did you mean `network`?')
    assert.has_error(function() Application.console_command("network", "lgo", 1) end,
      'Application.console_command: `network` has no command "lgo"; it has packet_loss, ' ..
      "packet_loss_duration, duplication, latency, limit, reset, log, help; did you mean `log`?")
    assert.has_error(function() Application.console_command() end,
      "Application.console_command: argument 1 (command): expected string, got nothing")
    assert.has_error(function() Application.console_command("network", {}) end,
      "Application.console_command: argument 2 (parameters): expected string, got table")
  end)
  it("rejects wrong arguments", function()
    assert.has_error(function() Application.console_command("network log", "message") end,
      'Application.console_command: expected silent, warnings, messages or spew, got "message"; did you mean `messages`? ' ..
      "(usage: network log silent|warnings|messages|spew)")
    assert.has_error(function() Application.console_command("network", "log") end,
      "Application.console_command: expected silent, warnings, messages or spew, got nothing " ..
      "(usage: network log silent|warnings|messages|spew)")
    assert.has_error(function() Application.console_command("network", "log", "spew", 7) end,
      'Application.console_command: expected nothing more, got "7" (usage: network log silent|warnings|messages|spew)')
  end)
end)

describe("Application.guid", function()
  it("is different each time", function()
    local a, b = Application.guid(), Application.guid()
    assert.is_true(a:find("^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$") ~= nil)
    assert.is_true(a ~= b)
  end)
  it("rejects nothing: arguments too many are ignored", function() assert.equal(36, #Application.guid(1)) end)
end)

describe("Application.make_hash", function()
  it("is stable", function()
    assert.equal("9eb6dbd0502fb090", Application.make_hash("version", 1.5, true))
    assert.equal(16, #Application.make_hash(0))
  end)
  it("depends on every value and on their order", function()
    local seen = {}
    local function differs(...)
      local hash = Application.make_hash(...)
      assert.is_nil(seen[hash])
      seen[hash] = true
    end
    differs("a")
    differs("a", "b")
    differs("b", "a")
    differs("ab")
    differs("a", "")
    differs(1)
    differs("1")
    differs(true)
    differs(false)
    differs(0)
    differs(0 / 0)
    differs(1 / 0)
    differs(IdString32("a"))
    differs(IdString64("a"))
    differs("a\0b")
  end)
  it("takes what is equal for the same", function()
    assert.equal(Application.make_hash(0), Application.make_hash(-0))
    assert.equal(Application.make_hash(0 / 0), Application.make_hash(-(0 / 0)))
  end)
  it("rejects wrong use", function()
    assert.has_error(function() Application.make_hash() end, "Application.make_hash: argument 1 (values): expected a value, got nothing")
    assert.has_error(function() Application.make_hash("a", nil, "b") end,
      "Application.make_hash: argument 2 (values): expected number, string, boolean or IdString, got nil")
    assert.has_error(function() Application.make_hash({}) end,
      "Application.make_hash: argument 1 (values): expected number, string, boolean or IdString, got table")
  end)
end)

describe("Application.platform", function()
  it("works", function() assert.equal("linux", Application.platform()) end)
  it("rejects nothing: arguments too many are ignored", function() assert.equal("linux", Application.platform(1)) end)
end)

describe("Application.quit", function()
  -- A call that works would end the tests; the program's own tests make one.
  it("is there", function() assert.equal("function", type(Application.quit)) end)
  it("rejects wrong use", function()
    assert.has_error(function() Application.quit(256) end, "Application.quit: argument 1 (exit_code): expected integer 0 to 255, got number 256")
    assert.has_error(function() Application.quit("x") end, 'Application.quit: argument 1 (exit_code): expected integer 0 to 255, got string "x"')
  end)
end)

describe("Application.settings", function()
  it("gives a table of the script's own", function()
    local settings = Application.settings()
    assert.equal("table", type(settings))
    settings.mine = 1
    assert.is_nil(Application.settings().mine)
  end)
  it("rejects nothing: arguments too many are ignored", function() assert.equal("table", type(Application.settings(1))) end)
end)

describe("Application.sleep", function()
  -- How much time passes, the program's own tests see: in a simulation it is not this clock's.
  it("comes back", function()
    local before = Application.time_since_launch()
    assert.is_nil(Application.sleep(2))
    Application.sleep(0)
    Application.sleep("0.5")
    assert.is_true(Application.time_since_launch() >= before)
  end)
  it("rejects wrong use", function()
    assert.has_error(function() Application.sleep(-1) end, "Application.sleep: argument 1 (milliseconds): expected number 0 to 3600000, got number -1")
    assert.error_matches(function() Application.sleep(0 / 0) end, "Application.sleep: argument 1 %(milliseconds%): expected number 0 to 3600000, got number %-?nan")
    assert.has_error(function() Application.sleep() end, "Application.sleep: argument 1 (milliseconds): expected number 0 to 3600000, got nothing")
  end)
end)

describe("Application.time_since_launch", function()
  it("never goes back", function()
    local before = Application.time_since_launch()
    assert.is_true(before >= 0)
    assert.is_true(Application.time_since_launch() >= before)
  end)
  it("rejects nothing: arguments too many are ignored", function() assert.equal("number", type(Application.time_since_launch(1))) end)
end)
