/* derive.h - columns computed from formulas, in the order that they need. */
#ifndef KL_TABLE_DERIVE_H
#define KL_TABLE_DERIVE_H

#include "base/fail.h"

#include <kleiber/table.h>

/** Add derived columns "NAME = FORMULA", given in any order. KL_E_USAGE: a cycle. */
kl_status kl_table_derive_all(kl_table *t, const char *const *assignments, size_t n,
                              kl_error *err);

#endif
