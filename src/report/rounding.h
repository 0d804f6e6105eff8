/* rounding.h - numbers for people: rounded to their uncertainty, free of the locale. */
#ifndef KL_REPORT_ROUNDING_H
#define KL_REPORT_ROUNDING_H

#include "report/svg.h"

/* A number as text; passed by value so that several fit in one call. */
typedef struct kl_number_text {
    char s[40];
} kl_number_text;

/** At most `digits` significant digits; NaN is an en dash, infinity its sign. */
kl_number_text kl_format(double value, int digits);

/** As kl_format with a suffix (k, M, B, T) from a thousand on. */
kl_number_text kl_format_count(double value, int digits);

/** With so many decimal places; for sizes below 1e15. */
kl_number_text kl_format_fixed(double value, int places);

/**
 * Rounded so that the uncertainty shows two digits: 0.34781 +- 0.0154 -> "0.348";
 * units are never rounded away. Five digits where the uncertainty is unknown (not
 * finite or zero).
 * @param count with a suffix from ten thousand on
 */
kl_number_text kl_format_uncertain(double value, double uncertainty, bool count);

/** As a power of ten: 10^4, 2 x 10^21; `value` is not zero. */
kl_label kl_format_power(double value, int digits);

/** Label of a tick: "1.5", "10B" if `count`, else 2 x 10^21 with its superscript. */
kl_label kl_format_label(double value, int digits, bool count);

/** True for units that are counted in thousands, millions, billions: not FLOPs. */
bool kl_format_is_count(const char *unit);

#endif
