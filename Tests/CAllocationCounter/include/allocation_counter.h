#pragma once

/// How often this process has asked for heap memory. The functions that do are replaced by ones that count and hand on to glibc's.
unsigned long allocation_count(void);
