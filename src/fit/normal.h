/* normal.h - quantiles of the normal and Student's t distribution. */
#ifndef KL_FIT_NORMAL_H
#define KL_FIT_NORMAL_H

/** Quantile of the standard normal, 0 < p < 1. */
double kl_normal_quantile(double p);

/** Quantile of Student's t with `dof` >= 1 degrees of freedom, 0 < p < 1. */
double kl_student_quantile(double p, double dof);

#endif
