/* cli_output.h - the answer: headings, grids, CSV, rounded numbers, the way out. */
#ifndef KL_CLI_OUTPUT_H
#define KL_CLI_OUTPUT_H

#include "base/json.h"
#include "cli/cli_args.h"

/** Settle args->color from the terminal and the environment. */
void kl_output_resolve_color(kl_args *args);

/** Write to a file, or to standard output if path is NULL or "-". KL_E_IO. */
kl_status kl_output_write(const char *path, const char *text, size_t n_bytes,
                          kl_error *err);

/** True if text (not JSON or CSV) is wanted and not silenced by --quiet. */
bool kl_output_wants_text(const kl_args *args);

/** A line of its own, bold with colour, after an empty line unless it is first. */
void kl_output_heading(kl_text *out, const kl_args *args, const char *title);

/** The warnings of an answer under a heading; nothing if there are none. */
void kl_output_warnings(kl_text *out, const kl_args *args,
                        const char *(*get)(const void *object, size_t i), size_t n,
                        const void *object);

/** `value` as JSON text added to out; the value is consumed. KL_E_NOMEM. */
kl_status kl_output_json(kl_text *out, json_t *value, kl_error *err);

/** {"schema": "kleiber.<what>/1", "version": ...}, to be filled. */
json_t *kl_output_schema(const char *what);

/** A JSON integer. */
json_t *kl_output_count(size_t n);

/* Cells in rows, printed with aligned columns. */
typedef struct kl_grid {
    kl_text cells; /* each zero-terminated, rows end in an empty "\n" cell */
    size_t width[16];
    size_t column;
    bool right[16]; /* align to the right, for numbers */
} kl_grid;

void kl_grid_add(kl_grid *g, const char *fmt, ...) KL_PRINTF(2, 3);
void kl_grid_end_row(kl_grid *g);

/** Add all rows to `out`, each behind `indent` blanks; the grid is freed. */
void kl_grid_print(kl_text *out, kl_grid *g, int indent);

/** One CSV cell, quoted if need be; a comma goes before it unless it opens the line. */
void kl_csv_add(kl_text *out, const char *cell);
void kl_csv_number(kl_text *out, double value); /* %.17g; NaN is an empty cell */
void kl_csv_end(kl_text *out);

/**
 * `value` to the decimal place of the second digit of its uncertainty, or to 6 digits
 * if that is unknown or far smaller; with a suffix from 1e6 on (1.34T).
 * @param buf at least 48 bytes @return buf
 */
char *kl_round_to(char *buf, double value, double uncertainty);

/** "[lo, hi]" rounded like that; "" if both ends are NaN. @param buf 112 bytes */
char *kl_round_interval(char *buf, double lo, double hi, double uncertainty);

/** Half the width of an interval; NaN if an end is not finite. */
double kl_half_width(double lo, double hi);

#endif
