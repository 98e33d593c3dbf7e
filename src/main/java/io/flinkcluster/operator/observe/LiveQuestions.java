package io.flinkcluster.operator.observe;

import java.util.Optional;

/**
 * What is to be asked of the API server itself, since an act that cannot be undone would rest on
 * the answer.
 *
 * @param stoppingBefore an epoch that may start only when no JobManager of an earlier one exists;
 *     empty: nobody waits for that
 * @param beforeFirstStart whether a first start may follow at once, which rests on nothing having
 *     been left behind by an earlier cluster of this name
 * @param jobManagerPod uid of the pod that alone may run the present start, so that its loss is the
 *     end of the start; empty: there is none
 * @param mayBeLeft whether that start may be given up now, so that it matters whether the pod has
 *     ever run
 * @param removing whether the cluster is deleted, which ends when nothing of it is left
 */
public record LiveQuestions(
    Optional<Long> stoppingBefore,
    boolean beforeFirstStart,
    Optional<String> jobManagerPod,
    boolean mayBeLeft,
    boolean removing) {}
