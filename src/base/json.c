/* json.c - a thin layer over jansson. */
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

json_t *kl_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *kl_json_string(const char *s)
{
    if (!s) return json_null();
    json_t *text = json_string(s);
    if (text) return text;
    char *clean = strdup(s); /* not UTF-8 */
    if (!clean) return NULL;
    for (char *c = clean; *c; c++)
        if ((unsigned char)*c >= 0x80) *c = '?';
    text = json_string(clean);
    free(clean);
    return text;
}

json_t *kl_json_numbers(const double *values, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < n; i++)
        if (!kl_json_append(array, kl_json_number(values[i]))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

json_t *kl_json_interval(double lo, double hi)
{
    const double ends[2] = {lo, hi};
    return kl_json_numbers(ends, 2);
}

bool kl_json_set(json_t *obj, const char *key, json_t *value)
{
    return json_object_set_new(obj, key, value) == 0;
}

bool kl_json_append(json_t *array, json_t *value)
{
    return json_array_append_new(array, value) == 0;
}

kl_status kl_json_dump(char **out, const json_t *value, kl_error *err)
{
    const size_t flags = JSON_INDENT(2) | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY;
    *out = NULL;
    char *text = value ? json_dumps(value, flags) : NULL;
    if (!text) return kl_fail_nomem(err);
    const size_t length = strlen(text);
    char *line = realloc(text, length + 2);
    if (!line) {
        free(text);
        return kl_fail_nomem(err);
    }
    memcpy(line + length, "\n", 2);
    *out = line;
    return KL_OK;
}

kl_status kl_json_load(json_t **out, const char *text, size_t n_bytes,
                       const char *origin, kl_error *err)
{
    json_error_t why;
    *out = json_loadb(
        text, n_bytes,
        JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL | JSON_DECODE_ANY, &why);
    if (*out) return KL_OK;
    if (json_error_code(&why) == json_error_out_of_memory) return kl_fail_nomem(err);
    return kl_fail_at(err, KL_E_PARSE, why.line, why.column, "%s:%d:%d: %s", origin,
                      why.line, why.column, why.text);
}

double kl_json_get_number(const json_t *obj, const char *key, double otherwise)
{
    const json_t *value = json_object_get(obj, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

const char *kl_json_get_text(const json_t *obj, const char *key, const char *otherwise)
{
    const json_t *value = json_object_get(obj, key);
    return json_is_string(value) ? json_string_value(value) : otherwise;
}
