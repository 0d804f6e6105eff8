/*
 * json.h - jansson with our habits: a number that is not finite is null; reading names
 * the place and the key. Building never checks each step: a failed allocation leaves a
 * NULL somewhere, and kl_json_dump() reports it.
 */
#ifndef KL_BASE_JSON_H
#define KL_BASE_JSON_H

#include "base/fail.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/** New number; null if not finite. */
json_t *kl_json_number(double value);

/** New string, null for NULL; bytes that are not UTF-8 become '?'. */
json_t *kl_json_string(const char *s);

/** New array of numbers. */
json_t *kl_json_numbers(const double *values, size_t n);

/** New [lo, hi]; an end that is not finite is null. */
json_t *kl_json_interval(double lo, double hi);

/** Set obj[key] = value (stolen). @return false, value freed, if either is NULL */
bool kl_json_set(json_t *obj, const char *key, json_t *value);

/** Append value (stolen). @return false, value freed, if either is NULL */
bool kl_json_append(json_t *array, json_t *value);

/**
 * Text of a value: two-space indent, keys in insertion order, numbers %.17g, and a line
 * feed at the end.
 * @param[out] out malloc'd, owned by the caller
 */
kl_status kl_json_dump(char **out, const json_t *value, kl_error *err);

/** Parse text; integers of any size read as reals. KL_E_PARSE: origin:line:column. */
kl_status kl_json_load(json_t **out, const char *text, size_t n_bytes,
                       const char *origin, kl_error *err);

/** obj[key] as a number; null or absent gives `otherwise`. */
double kl_json_get_number(const json_t *obj, const char *key, double otherwise);

/** obj[key] as text, borrowed; `otherwise` if absent or no string. */
const char *kl_json_get_text(const json_t *obj, const char *key, const char *otherwise);

#endif
