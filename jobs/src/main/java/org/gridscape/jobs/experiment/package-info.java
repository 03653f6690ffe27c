/**
 * What {@code gridscape experiment} plans and tells: the rungs of a ladder of methods, arithmetic
 * on what their runs showed, and tables. No Spark and no training here.
 */
package org.gridscape.jobs.experiment;
