-- stingray.Terminal, this project's own addition. Tests may run with or without a terminal.
local Terminal = stingray.Terminal

describe("Terminal.keys", function()
  it("gives an array of names", function()
    local keys = Terminal.keys()
    assert.equal("table", type(keys))
    for _, key in ipairs(keys) do assert.equal("string", type(key)) end
  end)
  it("rejects nothing: arguments too many are ignored", function() assert.equal("table", type(Terminal.keys(1))) end)
end)

describe("Terminal.size", function()
  it("gives columns and rows, or nil", function()
    local columns, rows = Terminal.size()
    if columns then
      assert.is_true(columns > 0 and rows > 0)
    else
      assert.is_nil(rows)
    end
  end)
  it("rejects nothing: arguments too many are ignored", function() assert.equal(type((Terminal.size())), type((Terminal.size(1)))) end)
end)
