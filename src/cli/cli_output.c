/* cli_output.c - headings, grids, CSV, rounding, and the way out. */
#include "cli/cli_output.h"

#include "base/file.h"
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void kl_output_resolve_color(kl_args *args)
{
    if (args->color != KL_WHEN_AUTO) return;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    const bool to_file = args->output && !(args->verb && args->verb->keeps_output);
    const bool able = isatty(STDOUT_FILENO) && !to_file && !(no_color && *no_color) &&
                      !(term && !strcmp(term, "dumb"));
    args->color = able ? KL_WHEN_ALWAYS : KL_WHEN_NEVER;
}

kl_status kl_output_write(const char *path, const char *text, size_t n_bytes,
                          kl_error *err)
{
    if (path && strcmp(path, "-")) return kl_file_write(path, text, n_bytes, err);
    while (n_bytes) {
        const ssize_t put = write(STDOUT_FILENO, text, n_bytes);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            return kl_fail(err, KL_E_IO, "cannot write standard output: %s",
                           strerror(errno));
        text += put;
        n_bytes -= (size_t)put;
    }
    return KL_OK;
}

bool kl_output_wants_text(const kl_args *args)
{
    return args->format == KL_FORMAT_TEXT && !args->quiet;
}

void kl_output_heading(kl_text *out, const kl_args *args, const char *title)
{
    const bool bold = args->color == KL_WHEN_ALWAYS;
    kl_text_addf(out, "%s%s%s%s\n", out->length ? "\n" : "", bold ? "\033[1m" : "",
                 title, bold ? "\033[0m" : "");
}

void kl_output_warnings(kl_text *out, const kl_args *args,
                        const char *(*get)(const void *object, size_t i), size_t n,
                        const void *object)
{
    if (n) kl_output_heading(out, args, "Warnings");
    for (size_t i = 0; i < n; i++) kl_text_addf(out, "  %s\n", get(object, i));
}

kl_status kl_output_json(kl_text *out, json_t *value, kl_error *err)
{
    char *text = NULL;
    const kl_status status = kl_json_dump(&text, value, err);
    json_decref(value);
    if (!status) kl_text_add(out, text);
    free(text);
    return status;
}

json_t *kl_output_schema(const char *what)
{
    char schema[64];
    snprintf(schema, sizeof schema, "kleiber.%s/1", what);
    json_t *object = json_object();
    kl_json_set(object, "schema", kl_json_string(schema));
    kl_json_set(object, "version", kl_json_string(kl_version()));
    return object;
}

json_t *kl_output_count(size_t n)
{
    return json_integer((json_int_t)n);
}

/* Columns that a terminal needs for UTF-8 text: its bytes but for continuations. */
static size_t shown_width(const char *s)
{
    size_t n = 0;
    for (; *s; s++) n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

void kl_grid_add(kl_grid *g, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char cell[512];
    vsnprintf(cell, sizeof cell, fmt, args);
    va_end(args);
    if (g->column < KL_COUNT_OF(g->width)) {
        const size_t width = shown_width(cell);
        if (width > g->width[g->column]) g->width[g->column] = width;
        g->column++;
    }
    kl_text_add_bytes(&g->cells, cell, strlen(cell) + 1);
}

void kl_grid_end_row(kl_grid *g)
{
    kl_text_add_bytes(&g->cells, "\n", 2);
    g->column = 0;
}

static void pad(kl_text *out, size_t n)
{
    while (n--) kl_text_add(out, " ");
}

void kl_grid_print(kl_text *out, kl_grid *g, int indent)
{
    size_t column = 0, owed = (size_t)indent; /* blanks to write before the next cell */
    for (size_t i = 0; i < g->cells.length; i += strlen(g->cells.data + i) + 1) {
        const char *cell = g->cells.data + i;
        if (!strcmp(cell, "\n")) {
            kl_text_add(out, "\n");
            column = 0;
            owed = (size_t)indent;
            continue;
        }
        const size_t at = column < KL_COUNT_OF(g->width) ? column : 0;
        const size_t shown = shown_width(cell);
        const size_t spare = g->width[at] > shown ? g->width[at] - shown : 0;
        if (*cell) {
            pad(out, owed + (g->right[at] ? spare : 0));
            kl_text_add(out, cell);
            owed = 2 + (g->right[at] ? 0 : spare);
        } else {
            owed += 2 + spare;
        }
        column++;
    }
    out->failed = out->failed || g->cells.failed;
    kl_text_free(&g->cells);
    memset(g, 0, sizeof *g);
}

static void csv_separate(kl_text *out)
{
    if (out->length && out->data[out->length - 1] != '\n') kl_text_add(out, ",");
}

void kl_csv_add(kl_text *out, const char *cell)
{
    csv_separate(out);
    if (*cell && !strpbrk(cell, ",\"\r\n")) {
        kl_text_add(out, cell);
        return;
    }
    kl_text_add(out, "\"");
    for (; *cell; cell++) {
        if (*cell == '"') kl_text_add(out, "\"");
        kl_text_add_bytes(out, cell, 1);
    }
    kl_text_add(out, "\"");
}

void kl_csv_number(kl_text *out, double value)
{
    csv_separate(out);
    if (!isnan(value)) kl_text_addf(out, "%.17g", value);
}

void kl_csv_end(kl_text *out)
{
    kl_text_add(out, "\n");
}

double kl_half_width(double lo, double hi)
{
    return isfinite(lo) && isfinite(hi) ? 0.5 * (hi - lo) : NAN;
}

char *kl_round_to(char *buf, double value, double uncertainty)
{
    enum { ROOM = 48, PLAIN_DIGITS = 6, MOST_DIGITS = 10 };
    if (!isfinite(value)) {
        snprintf(buf, ROOM, "%s", isnan(value) ? "-" : value > 0 ? "inf" : "-inf");
        return buf;
    }
    /* a value held by a constraint varies by rounding only */
    if (value == 0 || !(uncertainty > 1e-6 * fabs(value)) || !isfinite(uncertainty))
        return kl_number_format(buf, value, PLAIN_DIGITS);
    /* significant digits of the value down to the second one of the uncertainty */
    int digits = (int)floor(log10(fabs(value))) - (int)floor(log10(uncertainty)) + 2;
    if (digits < 2) digits = 2;
    if (digits > MOST_DIGITS) digits = MOST_DIGITS;
    const int places = digits - 1 - (int)floor(log10(fabs(value)));
    const double unit = places < 0 ? pow(10, -places) : 1;
    if (fabs(value) < 1e6 && fabs(value) >= 1e-4)
        snprintf(buf, ROOM, "%.*f", places < 0 ? 0 : places,
                 places < 0 ? round(value / unit) * unit : value);
    else if (fabs(value) >= 1e6)
        kl_number_format(buf, value, digits);
    else
        kl_number_format_plain(buf, value, digits);
    return buf;
}

char *kl_round_interval(char *buf, double lo, double hi, double uncertainty)
{
    char low[48], high[48];
    buf[0] = '\0';
    if (isnan(lo) && isnan(hi)) return buf;
    snprintf(buf, 112, "[%s, %s]", kl_round_to(low, lo, uncertainty),
             kl_round_to(high, hi, uncertainty));
    return buf;
}
