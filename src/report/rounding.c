/* rounding.c - rounding to the uncertainty, suffixes and powers of ten. */
#include "report/rounding.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the locale writes as decimal point (perhaps several bytes) becomes a point. */
static void fix_point(char *s)
{
    char *to = s;
    bool foreign = false;
    for (; *s; s++) {
        const bool ours = strchr("0123456789+-.ekMBTinfa", *s);
        if (ours) *to++ = *s;
        if (!ours && !foreign) *to++ = '.';
        foreign = !ours;
    }
    *to = '\0';
}

static kl_number_text special(double value)
{
    kl_number_text out;
    const char *s = isnan(value) ? "\xe2\x80\x93"
                    : value < 0  ? "\xe2\x88\x92\xe2\x88\x9e"
                                 : "\xe2\x88\x9e";
    snprintf(out.s, sizeof out.s, "%s", s);
    return out;
}

/* A true minus sign. */
static kl_number_text with_sign(const char *digits)
{
    kl_number_text out;
    if (*digits == '-')
        snprintf(out.s, sizeof out.s, "\xe2\x88\x92%.36s", digits + 1);
    else
        snprintf(out.s, sizeof out.s, "%.39s", digits);
    return out;
}

kl_number_text kl_format(double value, int digits)
{
    char buf[40];
    if (!isfinite(value)) return special(value);
    kl_number_format_plain(buf, value, digits);
    fix_point(buf);
    return with_sign(buf);
}

kl_number_text kl_format_count(double value, int digits)
{
    char buf[40];
    if (!isfinite(value)) return special(value);
    kl_number_format(buf, value, digits);
    fix_point(buf);
    return with_sign(buf);
}

kl_number_text kl_format_fixed(double value, int places)
{
    char buf[40];
    if (!isfinite(value)) return special(value);
    const bool zero = fabs(value) < 0.5 * pow(10, -places); /* no minus before a zero */
    snprintf(buf, sizeof buf, "%.*f", places, zero ? 0 : value);
    fix_point(buf);
    return with_sign(buf);
}

kl_number_text kl_format_uncertain(double value, double uncertainty, bool count)
{
    const double size = fabs(value);
    if (!isfinite(value)) return special(value);
    if (!(uncertainty > 0) || !isfinite(uncertainty) || !(size > 0))
        return count && size >= 1e4 ? kl_format_count(value, 5) : kl_format(value, 5);
    const double last = floor(log10(uncertainty)) - 1; /* decade of the last digit */
    const double first = floor(log10(size));
    if ((count && size >= 1e4) || size >= 1e6 || size < 1e-4) {
        const int digits = (int)fmin(fmax(first - last + 1, 2), 8);
        return count ? kl_format_count(value, digits) : kl_format(value, digits);
    }
    return kl_format_fixed(value, (int)fmin(fmax(-last, 0), 8));
}

kl_label kl_format_power(double value, int digits)
{
    kl_label out = {0};
    double power = floor(log10(fabs(value)));
    double mantissa = value / pow(10, power);
    if (fabs(mantissa) > 10 - 0.5 * pow(10, 1 - digits)) { /* would round to ten */
        mantissa /= 10;
        power += 1;
    }
    const kl_number_text m = kl_format(mantissa, digits);
    const bool one = !strcmp(m.s, "1");
    snprintf(out.head, sizeof out.head, "%s%s10", one ? "" : m.s,
             one ? "" : "\xc3\x97");
    snprintf(out.power, sizeof out.power, "%.11s", kl_format(power, 4).s);
    return out;
}

kl_label kl_format_label(double value, int digits, bool count)
{
    kl_label out = {0};
    const double size = fabs(value);
    const bool suffix = count && size >= 1e3 && size < 9.99e14;
    if (!suffix && size > 0 && !(size >= 1e-3 && size < 1e5))
        return kl_format_power(value, digits);
    const int whole = size >= 1 ? (int)floor(log10(size) + 1e-9) + 1 : 1;
    const kl_number_text text = suffix
                                    ? kl_format_count(value, digits)
                                    : kl_format(value, digits > whole ? digits : whole);
    snprintf(out.head, sizeof out.head, "%s", text.s);
    return out;
}

bool kl_format_is_count(const char *unit)
{
    static const char *const counted[] = {"parameters", "tokens", "bytes",
                                          "samples",    "steps",  "sequences",
                                          "examples",   "images"};
    for (size_t i = 0; unit && i < sizeof counted / sizeof *counted; i++)
        if (!strcmp(unit, counted[i])) return true;
    return false;
}
