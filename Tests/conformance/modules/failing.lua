local function deep()
  error("it broke")
end
deep()
