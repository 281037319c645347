#pragma once
#include <stdint.h>

/// What this process asked of the system since its start. Both sides of a comparison are counted by the same code.
typedef struct {
  /// Blocks of memory asked for: malloc, calloc, realloc and the aligned ones.
  uint64_t allocations;
  /// Calls that send or receive datagrams, or wait for them.
  uint64_t networkCalls;
  uint64_t datagramsSent;
  /// Bytes of UDP payload.
  uint64_t bytesSent;
} Counters;

Counters countersNow(void);

/// Keeps the calling thread on one processor core. Returns 0, or -1 where the system refuses.
int pinToCore(int core);

/// Seconds of processor time of the calling thread, and of the clock on the wall.
double threadSeconds(void);
double wallSeconds(void);
