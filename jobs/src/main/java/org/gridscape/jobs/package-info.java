/**
 * The commands of Gridscape, run by {@code jobs/bin/gridscape} or by spark-submit. They parse, wire
 * and run what the pipeline offers, and keep a run's folder.
 */
package org.gridscape.jobs;
