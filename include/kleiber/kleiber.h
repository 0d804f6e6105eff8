/* kleiber.h - the whole library, in the order of the story. */
#ifndef KLEIBER_KLEIBER_H
#define KLEIBER_KLEIBER_H

#include <kleiber/status.h>
#include <kleiber/table.h>
#include <kleiber/formula.h>
#include <kleiber/law.h>
#include <kleiber/fit.h>
#include <kleiber/predict.h>
#include <kleiber/plan.h>
#include <kleiber/report.h>

#endif
