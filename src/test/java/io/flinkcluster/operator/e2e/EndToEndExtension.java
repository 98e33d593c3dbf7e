package io.flinkcluster.operator.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Gives tests the cluster, and tells what it looked like when one failed. */
final class EndToEndExtension
    implements ParameterResolver,
        BeforeTestExecutionCallback,
        AfterTestExecutionCallback,
        ExecutionCondition {
  private static final Namespace OURS = Namespace.create(EndToEndExtension.class);
  private static final String FAILED = "failed";

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == E2eCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return cluster(context);
  }

  private static E2eCluster cluster(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, OURS)
        .computeIfAbsent(Attempt.class, key -> Attempt.make(), Attempt.class)
        .cluster();
  }

  /** One attempt for the whole run: what failed once is not tried again for each test. */
  private record Attempt(Optional<E2eCluster> started, Optional<RuntimeException> failure)
      implements AutoCloseable {
    static Attempt make() {
      try {
        return new Attempt(Optional.of(E2eCluster.start()), Optional.empty());
      } catch (RuntimeException e) {
        return new Attempt(Optional.empty(), Optional.of(e));
      }
    }

    E2eCluster cluster() {
      return started.orElseThrow(failure::orElseThrow);
    }

    @Override
    public void close() {
      started.ifPresent(E2eCluster::close);
    }
  }

  /** Asked of a class before it is made: what its constructor throws would be an error. */
  private static ConditionEvaluationResult possible(ExtensionContext context) {
    try {
      cluster(context);
      return ConditionEvaluationResult.enabled("");
    } catch (TestAbortedException e) {
      return ConditionEvaluationResult.disabled(e.getMessage());
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (context.getTestMethod().isEmpty()) {
      ConditionEvaluationResult left = leftOut(context);
      return left.isDisabled() ? left : possible(context);
    }
    boolean broken =
        context.getTestMethod().isPresent()
            && context.getParent().map(c -> c.getStore(OURS).get(FAILED)).isPresent();
    if (broken && story(context)) {
      return ConditionEvaluationResult.disabled("an earlier chapter of this story has failed");
    }
    return leftOut(context);
  }

  private static ConditionEvaluationResult leftOut(ExtensionContext context) {
    String version =
        context
            .getTestInstance()
            .filter(story -> context.getTestMethod().isPresent())
            .filter(FullRunOnly.Versioned.class::isInstance)
            .map(story -> ((FullRunOnly.Versioned) story).version())
            .orElse(FullRunOnly.Versioned.NEWEST);
    boolean fullRunOnly =
        AnnotationSupport.isAnnotated(context.getTestMethod(), FullRunOnly.class)
            || AnnotationSupport.isAnnotated(context.getTestClass(), FullRunOnly.class);
    if (!fullRunOnly || LeftOut.told(version)) {
      return ConditionEvaluationResult.enabled("");
    }
    String chapter =
        context.getRequiredTestClass().getSimpleName()
            + context.getTestMethod().map(method -> "." + method.getName()).orElse("");
    context
        .getStore(StoreScope.LAUNCHER_SESSION, OURS)
        .computeIfAbsent(LeftOut.class, key -> new LeftOut(), LeftOut.class)
        .add(chapter);
    return ConditionEvaluationResult.disabled(
        "with Flink " + version + " only in a full run, -De2e.full=true");
  }

  private static boolean story(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestClass(), EndToEnd.class)
        .map(EndToEnd::story)
        .orElse(false);
  }

  private static boolean undisturbed(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), Undisturbed.class);
  }

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    if (undisturbed(context)) {
      cluster(context).undisturbed().lock();
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) throws IOException {
    if (undisturbed(context)) {
      cluster(context).undisturbed().unlock();
    }
    if (context.getExecutionException().isEmpty()) {
      return;
    }
    context.getParent().ifPresent(c -> c.getStore(OURS).put(FAILED, true));
    String text = cluster(context).diagnosis();
    Path file =
        Path.of("target", "e2e", context.getRequiredTestMethod().getName() + ".txt")
            .toAbsolutePath();
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    System.err.println(context.getDisplayName() + " failed. What it looked like:\n" + text);
    System.err.println("It is in " + file + " as well");
  }
}
