/*
 * check.h - cmocka as the runner, comparisons of our own: in double precision, both
 * sides printed, NaN fails. Each takes a label that names law, method or case.
 */
#ifndef KL_TESTS_CHECK_H
#define KL_TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* |got - want| <= tol, absolute */
#define check_near(label, got, want, tol)                                              \
    do {                                                                               \
        const double got_ = (got), want_ = (want), tol_ = (tol);                       \
        if (!(fabs(got_ - want_) <= tol_))                                             \
            fail_msg("%s: %s is %.17g, not %.17g within %g", (label), #got, got_,      \
                     want_, tol_);                                                     \
    } while (0)

/* |got - want| <= tol * |want| */
#define check_close(label, got, want, tol)                                             \
    do {                                                                               \
        const double got_ = (got), want_ = (want), tol_ = (tol);                       \
        if (!(fabs(got_ - want_) <= tol_ * fabs(want_)))                               \
            fail_msg("%s: %s is %.17g, not %.17g within %g of it", (label), #got,      \
                     got_, want_, tol_);                                               \
    } while (0)

/* got <= limit */
#define check_at_most(label, got, limit)                                               \
    do {                                                                               \
        const double got_ = (got), limit_ = (limit);                                   \
        if (!(got_ <= limit_))                                                         \
            fail_msg("%s: %s is %.17g, more than %.17g", (label), #got, got_, limit_); \
    } while (0)

#define check_text(label, got, want)                                                   \
    do {                                                                               \
        const char *got_ = (got), *want_ = (want);                                     \
        if (!got_ || strcmp(got_, want_))                                              \
            fail_msg("%s: %s is '%s', not '%s'", (label), #got,                        \
                     got_ ? got_ : "(null)", want_);                                   \
    } while (0)

#define check_contains(label, got, part)                                               \
    do {                                                                               \
        const char *got_ = (got), *part_ = (part);                                     \
        if (!got_ || !strstr(got_, part_))                                             \
            fail_msg("%s: %s is '%s', without '%s'", (label), #got,                    \
                     got_ ? got_ : "(null)", part_);                                   \
    } while (0)

/* a call that must succeed; prints its message */
#define check_ok(label, call, err)                                                     \
    do {                                                                               \
        const kl_status status_ = (call);                                              \
        if (status_ != KL_OK)                                                          \
            fail_msg("%s: %s: %s", (label), kl_status_text(status_), (err).msg);       \
    } while (0)

/* a call that must fail with a status */
#define check_fails(label, call, want)                                                 \
    do {                                                                               \
        const kl_status status_ = (call);                                              \
        if (status_ != (want))                                                         \
            fail_msg("%s: got '%s', not '%s'", (label), kl_status_text(status_),       \
                     kl_status_text(want));                                            \
    } while (0)

/* Path of an outside data file in $KLEIBER_DATA, else ../shared/data; skips the test,
 * which is counted, if the file is absent. Static storage, valid until the next
 * call. */
const char *test_data_path(const char *name);

#endif
