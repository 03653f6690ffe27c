package org.gridscape.distribute;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.storage.StorageLevel;
import org.gridscape.image.ImageBatch;
import scala.Tuple2;

/**
 * The Spark jobs of a run, one an iteration: hands the input to all shards and adds up what they
 * return, in shard order.
 *
 * <p>Where all parts together are small, they come to the driver. Where they are not, groups of
 * consecutive shards are added up in executors first, and groups of groups, until what is left is
 * small; the driver adds that, in order. The shape of this tree depends on the plan alone, so the
 * bits do not depend on the cluster.
 */
final class IterationJobs implements AutoCloseable {
  /** A retried or speculative task of the last job may still read its broadcast. */
  private static final int BROADCASTS_KEPT = 2;

  private final JavaSparkContext spark;
  private final TrainingPlan plan;
  private final Broadcast<TrainingPlan> planBroadcast;
  private final Deque<Broadcast<IterationInput>> inputs = new ArrayDeque<>();
  private final JavaRDD<Integer> shards;
  private final TaskTotals totals;

  IterationJobs(JavaSparkContext spark, TrainingPlan plan) {
    this.spark = spark;
    this.plan = plan;
    planBroadcast = spark.broadcast(plan);
    shards = shards(spark, plan);
    totals = TaskTotals.of(spark);
  }

  /**
   * What an iteration gave.
   *
   * @param parts in shard order, without their arrays
   * @param sums the arrays, added up in shard order
   * @param sumSeconds that the driver took to add them up
   */
  record Collected(List<ShardOutcome.Part> parts, List<OrderedSum> sums, double sumSeconds) {
    /** Images of all shards. */
    int images() {
      return parts.stream().mapToInt(ShardOutcome.Part::images).sum();
    }

    /** The processes that computed it, in the order of their first shards. */
    List<Worker> workers() {
      return parts.stream().map(ShardOutcome.Part::worker).distinct().toList();
    }

    /** Seconds of chains and gradients, all cores together, of the process with the most. */
    double busiest() {
      Map<Worker, Double> busy = new HashMap<>();
      parts.forEach(
          part ->
              busy.merge(part.worker(), part.chainSeconds() + part.gradientSeconds(), Double::sum));
      return Collections.max(busy.values());
    }

    /** Of a network, over the shards, where they make updates of their own. */
    double meanGradientNorm(int network) {
      return parts.stream()
          .mapToDouble(part -> part.gradientNorms().get(network))
          .average()
          .orElseThrow();
    }

    /** Per cell, then grid: final states of persistent chains; empty for other starts. */
    List<List<ImageBatch>> states() {
      return parts.stream().flatMap(part -> part.states().stream()).toList();
    }
  }

  /**
   * The numbers of the shards. On a cluster a task a shard, so that a lost one costs a shard, and
   * the numbers are kept where they were first computed: Spark then prefers to run a shard where
   * its images lie. In local mode, where all tasks are lost together, a task a core: each hand-over
   * to the scheduler costs some milliseconds while all cores are busy.
   */
  private static JavaRDD<Integer> shards(JavaSparkContext spark, TrainingPlan plan) {
    int count = plan.shards().size();
    List<Integer> numbers = IntStream.range(0, count).boxed().toList();
    return spark.isLocal()
        ? spark.parallelize(numbers, Math.min(count, spark.defaultParallelism()))
        : spark.parallelize(numbers, count).persist(StorageLevel.MEMORY_ONLY());
  }

  /** Broadcasts an input and releases the one before the last. */
  Broadcast<IterationInput> broadcast(IterationInput input) {
    Broadcast<IterationInput> broadcast = spark.broadcast(input);
    inputs.addLast(broadcast);
    while (inputs.size() > BROADCASTS_KEPT) {
      inputs.removeFirst().destroy();
    }
    return broadcast;
  }

  /**
   * Has every shard do its part.
   *
   * @param iteration of the input
   * @throws DivergedException if one of them diverged: the first in shard order
   */
  Collected run(int iteration, Broadcast<IterationInput> input, Aggregation aggregation) {
    spark.setJobDescription("iteration " + iteration + ": chains and gradients");
    JavaRDD<ShardOutcome> outcomes =
        shards.map(new ShardFunction(planBroadcast, input, aggregation.task(), totals));
    if (plan.sumsOnDriver(aggregation.bytesAShard())) {
      List<ShardOutcome> arrived = outcomes.collect();
      StopWatch watch = new StopWatch();
      return collected(iteration, GroupSum.of(arrived.iterator()), watch);
    }
    List<GroupSum> groups = inExecutors(outcomes, aggregation.bytesAShard()).collect();
    StopWatch watch = new StopWatch();
    return collected(iteration, GroupSum.total(groups.iterator()), watch);
  }

  private static Collected collected(int iteration, GroupSum total, StopWatch watch) {
    List<ShardOutcome.Part> parts = new ArrayList<>();
    for (ShardOutcome outcome : total.outcomes()) {
      if (outcome instanceof ShardOutcome.Diverged diverged) {
        throw new DivergedException(iteration, diverged.message());
      }
      parts.add((ShardOutcome.Part) outcome);
    }
    return new Collected(parts, total.sums(), watch.lap());
  }

  /**
   * Groups of groups, until what is left is small enough for the driver. Sorted on the way to their
   * group, so that it holds one part at a time; in order of groups, since collect keeps that of
   * partitions.
   *
   * @param bytesAShard of floats; sums are in double
   */
  private JavaRDD<GroupSum> inExecutors(JavaRDD<ShardOutcome> outcomes, long bytesAShard) {
    int fanIn = plan.sum().fanIn();
    GroupPartitioner groups = new GroupPartitioner(plan.shards().size(), fanIn);
    JavaRDD<Tuple2<Integer, GroupSum>> sums =
        outcomes
            .mapToPair(outcome -> new Tuple2<>(outcome.shard(), outcome))
            .repartitionAndSortWithinPartitions(groups)
            .values()
            .mapPartitionsWithIndex((at, part) -> numbered(at, GroupSum.of(part)), true);
    int left = groups.numPartitions();
    while (left > 1 && 2L * left * bytesAShard > plan.sum().driverBytes()) {
      GroupPartitioner next = new GroupPartitioner(left, fanIn);
      sums =
          sums.mapToPair(group -> group)
              .repartitionAndSortWithinPartitions(next)
              .values()
              .mapPartitionsWithIndex((at, part) -> numbered(at, GroupSum.total(part)), true);
      left = next.numPartitions();
    }
    return sums.map(Tuple2::_2);
  }

  private static Iterator<Tuple2<Integer, GroupSum>> numbered(int group, GroupSum sum) {
    return List.of(new Tuple2<>(group, sum)).iterator();
  }

  /** Cores that the cells of an iteration can fill. */
  int coresFilled() {
    int cells = Math.min(plan.taskThreads(), plan.cellsPerShard());
    return Math.max(1, Math.min(plan.shards().size() * cells, cores()));
  }

  /** Of all executors; Spark's default parallelism is 2 for a single one. */
  private int cores() {
    SparkContext context = spark.sc();
    ResourceProfile profile = context.resourceProfileManager().defaultResourceProfile();
    return context.maxNumConcurrentTasks(profile) * context.getConf().getInt("spark.task.cpus", 1);
  }

  @Override
  public void close() {
    inputs.forEach(Broadcast::destroy);
    inputs.clear();
    planBroadcast.destroy();
    shards.unpersist();
  }
}
