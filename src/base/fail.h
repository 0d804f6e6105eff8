/*
 * fail.h - fill a kl_error in one expression: return kl_fail(err, KL_E_USAGE, "...").
 */
#ifndef KL_BASE_FAIL_H
#define KL_BASE_FAIL_H

#include <kleiber/status.h>

#include <stdarg.h>

#if defined(__GNUC__)
#define KL_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define KL_PRINTF(fmt, args)
#endif

/** Set code and message (printf style, lower case, no full stop). @return code */
kl_status kl_fail(kl_error *err, kl_status code, const char *fmt, ...) KL_PRINTF(3, 4);

/** As kl_fail, with a place in the input; the message must already name it. */
kl_status kl_fail_at(kl_error *err, kl_status code, long line, long column,
                     const char *fmt, ...) KL_PRINTF(5, 6);

/** The usual message for a failed allocation. @return KL_E_NOMEM */
kl_status kl_fail_nomem(kl_error *err);

#endif
