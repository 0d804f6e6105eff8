/*
 * fault.h - allocations that fail when told to. A test made with kl_fault_test() (see
 * tests/CMakeLists.txt) has malloc and its kin wrapped in all code linked into it;
 * allocations inside shared libraries stay as they are.
 */
#ifndef KL_TESTS_FAULT_H
#define KL_TESTS_FAULT_H

#include <kleiber/status.h>

/* From now on the n-th allocation fails (1: the next); `onwards`: all after it too. */
void fault_begin(size_t n, bool onwards);

/* No failures any more. @return true if one happened since fault_begin */
bool fault_end(void);

/*
 * Call again and again, with the first, second, ... allocation failing, until a call
 * gets through without a failure. Each must give KL_OK or KL_E_NOMEM; the last, KL_OK.
 * The call frees all it made; leaks show under the address sanitizer.
 */
void fault_sweep(const char *label, kl_status (*call)(void *ctx, kl_error *err),
                 void *ctx);

#endif
