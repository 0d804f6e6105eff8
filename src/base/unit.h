/* unit.h - the units that columns, laws and plans may carry, and their factors. */
#ifndef KL_BASE_UNIT_H
#define KL_BASE_UNIT_H

#include "base/fail.h"

/**
 * Canonical text of a unit: "nats/token" -> "nats per token". Case, blanks and a few
 * synonyms do not matter; counts take thousand, million, billion or trillion in front.
 * @return static storage; NULL if the unit is unknown
 */
const char *kl_unit_canonical(const char *text);

/** As kl_unit_canonical, or KL_E_UNIT with the known units. */
kl_status kl_unit_require(const char **canonical, const char *text, kl_error *err);

/**
 * Factor that turns a value in unit `from` into unit `to`.
 * @param[out] factor 0 on failure
 * @return KL_OK; KL_E_UNIT unknown unit, or units of different kinds (tokens and bytes
 *         need a tokeniser's rate, which is nobody's constant).
 */
kl_status kl_unit_convert_factor(double *factor, const char *from, const char *to,
                                 kl_error *err);

#endif
