/*
 * The first process of a pod: holds its namespaces, reaps what is left behind, ends on SIGTERM or SIGINT.
 * No C library, so it is a few kilobytes; x86-64 and AArch64 Linux.
 */
typedef unsigned long word;

enum { SIGINT = 2, SIGKILL = 9, SIGTERM = 15, SIGCHLD = 17, SIG_BLOCK = 0 };

#if defined(__x86_64__)
enum { SYS_rt_sigprocmask = 14, SYS_exit_group = 231, SYS_wait4 = 61, SYS_rt_sigtimedwait = 128 };
static long call4(long number, word a, word b, word c, word d) {
  long result;
  register word r10 __asm__("r10") = d;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { SYS_rt_sigprocmask = 135, SYS_exit_group = 94, SYS_wait4 = 260, SYS_rt_sigtimedwait = 137 };
static long call4(long number, word a, word b, word c, word d) {
  register long x8 __asm__("x8") = number;
  register word x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c, x3 __asm__("x3") = d;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return (long)x0;
}
#else
#error "no system calls known for this processor"
#endif

void _start(void) {
  /* The first process of a PID namespace gets only signals that it asks for: block these three and wait for them. */
  const word signals = 1UL << (SIGINT - 1) | 1UL << (SIGTERM - 1) | 1UL << (SIGCHLD - 1);
  call4(SYS_rt_sigprocmask, SIG_BLOCK, (word)&signals, 0, sizeof signals);
  for (;;) {
    long signal = call4(SYS_rt_sigtimedwait, (word)&signals, 0, 0, sizeof signals);
    if (signal == SIGINT || signal == SIGTERM) {
      call4(SYS_exit_group, 0, 0, 0, 0);
    }
    if (signal == SIGCHLD) {
      /* One signal may stand for many children. WNOHANG is 1. */
      while (call4(SYS_wait4, (word)-1L, 0, 1, 0) > 0) {
      }
    }
  }
}
