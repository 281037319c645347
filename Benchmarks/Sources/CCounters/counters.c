#define _GNU_SOURCE
#include "counters.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static Counters counters;

Counters countersNow(void) { return counters; }

int pinToCore(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return sched_setaffinity(0, sizeof set, &set);
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

double threadSeconds(void) { return seconds(CLOCK_THREAD_CPUTIME_ID); }
double wallSeconds(void) { return seconds(CLOCK_MONOTONIC); }

// These take the place of the C library's functions in the whole process, libraries included. One thread, so plain counting does.

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
  counters.allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  counters.allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  counters.allocations++;
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  counters.allocations++;
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  *block = memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

static ssize_t sent(ssize_t bytes) {
  counters.networkCalls++;
  if (bytes > 0) {
    counters.datagramsSent++;
    counters.bytesSent += (uint64_t)bytes;
  }
  return bytes;
}

ssize_t sendto(int descriptor, const void *bytes, size_t count, int flags, const struct sockaddr *to, socklen_t length) {
  return sent(syscall(SYS_sendto, descriptor, bytes, count, flags, to, length));
}

// One call may send several datagrams: a control message then says how long each is.
static uint64_t datagramsOf(const struct msghdr *message, ssize_t bytes) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR((struct msghdr *)message, part)) {
    uint16_t each;
    if (part->cmsg_level != IPPROTO_UDP || part->cmsg_type != UDP_SEGMENT) continue;
    memcpy(&each, CMSG_DATA(part), sizeof each);
    if (each > 0 && bytes > 0) return ((uint64_t)bytes + each - 1) / each;
  }
  return 1;
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
  ssize_t bytes = sent(syscall(SYS_sendmsg, descriptor, message, flags));
  if (bytes > 0) counters.datagramsSent += datagramsOf(message, bytes) - 1;
  return bytes;
}

int sendmmsg(int descriptor, struct mmsghdr *messages, unsigned count, int flags) {
  counters.networkCalls++;
  int done = (int)syscall(SYS_sendmmsg, descriptor, messages, count, flags);
  for (int index = 0; index < done; index++) {
    counters.datagramsSent++;
    counters.bytesSent += messages[index].msg_len;
  }
  return done;
}

ssize_t recvfrom(int descriptor, void *bytes, size_t count, int flags, struct sockaddr *from, socklen_t *length) {
  counters.networkCalls++;
  return syscall(SYS_recvfrom, descriptor, bytes, count, flags, from, length);
}

ssize_t recvmsg(int descriptor, struct msghdr *message, int flags) {
  counters.networkCalls++;
  return syscall(SYS_recvmsg, descriptor, message, flags);
}

int recvmmsg(int descriptor, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout) {
  counters.networkCalls++;
  return (int)syscall(SYS_recvmmsg, descriptor, messages, count, flags, timeout);
}

int poll(struct pollfd *descriptors, nfds_t count, int timeout) {
  counters.networkCalls++;
  return (int)syscall(SYS_poll, descriptors, count, timeout);
}
