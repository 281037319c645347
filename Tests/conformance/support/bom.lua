return { value = 7, name = ... }
