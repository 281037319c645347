-- Only Lua and ENet: no window, no sound, nothing that could cost time.
function love.conf(t)
  t.console = false
  for name in pairs(t.modules) do t.modules[name] = false end
end
