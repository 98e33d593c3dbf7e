package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.reconcile.Urgency;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class ReconcileQueueTest {
  private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private final ReconcileQueue queue =
      new ReconcileQueue(1, (namespace, name) -> Urgency.valueOf(name.replaceAll("[0-9]", "")));

  @AfterEach
  void end() {
    MDC.clear();
    queue.shutdownNow();
  }

  /** As the SDK does it. */
  private void submit(String name) {
    MDC.put("resource.namespace", "n");
    MDC.put("resource.name", name);
    queue.execute(() -> done.add(name));
    MDC.clear();
  }

  @Test
  void whatIsUrgentGoesFirstAndElseWhoCameFirst() throws InterruptedException {
    queue.execute(() -> await(first));
    List.of("START1", "START2", "REST1", "CHANGE1", "REST2", "CHANGE2").forEach(this::submit);
    queue.execute(() -> done.add("of nobody"));
    first.countDown();
    queue.shutdown();
    assertThat(queue.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(done)
        .containsExactly("CHANGE1", "CHANGE2", "of nobody", "REST1", "REST2", "START1", "START2");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
