/* fit_json.h - the schema of a fit as text. */
#ifndef KL_FIT_FIT_JSON_H
#define KL_FIT_FIT_JSON_H

#include "fit/fit_impl.h"

#define KL_FIT_SCHEMA "kleiber.fit/1"

#endif
