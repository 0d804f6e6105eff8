/* number.c - reading and writing numbers, free of the locale. */
#include "base/number.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_DIGITS = 400 }; /* longest literal handed to strtod */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of digits[.digits][e[+-]digits] at s. */
static size_t literal_length(const char *s, size_t n)
{
    size_t i = 0, digits = 0;
    while (i < n && is_digit(s[i])) i++, digits++;
    if (i < n && s[i] == '.') {
        i++;
        while (i < n && is_digit(s[i])) i++, digits++;
    }
    if (!digits) return 0;
    if (i < n && (s[i] == 'e' || s[i] == 'E')) {
        size_t j = i + 1;
        if (j < n && (s[j] == '+' || s[j] == '-')) j++;
        if (j < n && is_digit(s[j])) {
            while (j < n && is_digit(s[j])) j++;
            i = j;
        }
    }
    return i;
}

/* The C library reads and writes numbers by the program's locale; we do not. */
static char decimal_point(void)
{
    const char *point = localeconv()->decimal_point;
    return point && point[0] && !point[1] ? point[0] : '.';
}

static void swap_char(char *s, char from, char to)
{
    char *at = strchr(s, from);
    if (at) *at = to;
}

static int suffix_exponent(char c)
{
    switch (c) {
    case 'k':
    case 'K':
        return 3;
    case 'M':
        return 6;
    case 'B':
    case 'G':
        return 9;
    case 'T':
        return 12;
    default:
        return 0;
    }
}

size_t kl_number_scan(const char *text, size_t n, double *value)
{
    size_t used = literal_length(text, n);
    if (!used || used >= MAX_DIGITS) return 0;
    char buf[MAX_DIGITS + 8]; /* and a suffix as an exponent */
    memcpy(buf, text, used);
    buf[used] = '\0';
    swap_char(buf, '.', decimal_point());
    const int exponent = used < n ? suffix_exponent(text[used]) : 0;
    const char after = used + 1 < n ? text[used + 1] : '\0';
    const bool suffixed = exponent && !isalnum((unsigned char)after) && after != '_';
    if (!suffixed) {
        *value = strtod(buf, NULL);
    } else if (strpbrk(buf, "eE")) {
        *value = strtod(buf, NULL) * pow(10, exponent);
    } else { /* rounded once: 1.001k is 1001 */
        snprintf(buf + used, sizeof buf - used, "e%d", exponent);
        *value = strtod(buf, NULL);
    }
    return used + suffixed;
}

bool kl_number_parse(const char *text, size_t n, double *value)
{
    while (n && (*text == ' ' || *text == '\t')) text++, n--;
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\t' || text[n - 1] == '\r')) n--;
    double sign = 1;
    if (n && (*text == '-' || *text == '+')) {
        sign = *text == '-' ? -1 : 1;
        text++, n--;
    }
    double v;
    if ((n == 3 && !strncasecmp(text, "inf", 3)) ||
        (n == 8 && !strncasecmp(text, "infinity", 8)))
        v = HUGE_VAL;
    else if (!n || kl_number_scan(text, n, &v) != n)
        return false;
    *value = sign * v;
    return true;
}

char *kl_number_format_plain(char *buf, double value, int digits)
{
    snprintf(buf, 32, "%.*g", digits, value);
    swap_char(buf, decimal_point(), '.');
    return buf;
}

char *kl_number_format(char *buf, double value, int digits)
{
    static const struct {
        double factor;
        char suffix;
    } scales[] = {{1e12, 'T'}, {1e9, 'B'}, {1e6, 'M'}, {1e3, 'k'}};
    const double size = fabs(value);
    if (!(size >= 1e3 && size < 1e15))
        return kl_number_format_plain(buf, value, digits);
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        /* 999,999 at four digits reads 1000k: take the next suffix for it */
        char probe[32];
        snprintf(probe, sizeof probe, "%.*e", digits - 1, size);
        if (strtod(probe, NULL) >= scales[i].factor) {
            const double scaled = value / scales[i].factor;
            const int whole = fabs(scaled) >= 100 ? 3 : fabs(scaled) >= 10 ? 2 : 1;
            const int places = digits > whole ? digits - whole : 0;
            snprintf(buf, 32, "%.*f", places, scaled);
            swap_char(buf, decimal_point(), '.');
            if (strchr(buf, '.')) {
                char *end = buf + strlen(buf);
                while (end[-1] == '0') *--end = '\0';
                if (end[-1] == '.') *--end = '\0';
            }
            const size_t len = strlen(buf);
            buf[len] = scales[i].suffix;
            buf[len + 1] = '\0';
            return buf;
        }
    }
    return kl_number_format_plain(buf, value, digits);
}

char *kl_number_format_exact(char *buf, double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buf, 32, "%.*g", digits, value);
        if (strtod(buf, NULL) == value) break;
    }
    swap_char(buf, decimal_point(), '.');
    return buf;
}
