/**
 * For programs that already use DL4J on Spark: {@link org.gridscape.dl4j.MultiGridTraining} takes
 * their context, their {@code JavaRDD<DataSet>} and a configuration, and returns a DL4J network a
 * grid. And for a generator: {@link org.gridscape.dl4j.GeneratorPretraining} trains its networks
 * with dl4j-spark before the energies learn.
 */
package org.gridscape.dl4j;
