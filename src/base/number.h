/* number.h - numbers as people write them: "6e23", "70B", "1.4T", and back. */
#ifndef KL_BASE_NUMBER_H
#define KL_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Longest number at the start of text[0..n): digits, point, exponent (never a sign,
 * never "inf", "nan" or hexadecimal, whatever the locale), then at most one suffix k,
 * M, B, G, T that is not followed by a letter or digit.
 * @param[out] value finite or +inf on overflow
 * @return bytes read; 0 if there is no number
 */
size_t kl_number_scan(const char *text, size_t n, double *value);

/**
 * A whole cell as a number: optional blanks and sign, then kl_number_scan; also "inf"
 * in any case. "nan" is no number: whoever means a missing value says so (--na nan).
 * @return true if all of text[0..n) was used
 */
bool kl_number_parse(const char *text, size_t n, double *value);

/**
 * For people: 4 significant digits by default, suffix from 1e3 on for counts:
 * 7.302e10 -> "73.02B"; beyond 1e15: "5.88e+23".
 * @param buf at least 32 bytes @return buf
 */
char *kl_number_format(char *buf, double value, int digits);

/** As kl_number_format, but never a suffix (for losses, exponents). */
char *kl_number_format_plain(char *buf, double value, int digits);

/** The shortest of 15 to 17 digits that reads back as the same number ("inf" for
 * infinity), for formulas and files. @param buf at least 32 bytes @return buf */
char *kl_number_format_exact(char *buf, double value);

#endif
