/* student.h - quantiles of Student's t distribution. */
#ifndef KL_FIT_STUDENT_H
#define KL_FIT_STUDENT_H

/** Quantile of Student's t with `dof` >= 1 degrees of freedom, 0 < p < 1. */
double kl_student_quantile(double p, double dof);

#endif
