package io.flinkcluster.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.api.FlinkCluster;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.dependent.managed.ManagedWorkflowAndDependentResourceContext;
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.controller.ControllerEventSource;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What the SDK gives to one reconcile. */
final class PassContext implements Context<FlinkCluster> {
  private final OperatorProcess operator;
  private final FlinkCluster cluster;

  PassContext(OperatorProcess operator, FlinkCluster cluster) {
    this.operator = operator;
    this.cluster = cluster;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <R> Set<R> getSecondaryResources(Class<R> kind, boolean deduplicate) {
    return (Set<R>)
        operator.secondary(
            kind.asSubclass(HasMetadata.class),
            cluster.getMetadata().getNamespace(),
            cluster.getMetadata().getName());
  }

  @Override
  public <R> Stream<R> getSecondaryResourcesAsStream(Class<R> kind, boolean deduplicate) {
    return getSecondaryResources(kind, deduplicate).stream();
  }

  @Override
  public KubernetesClient getClient() {
    return operator.client();
  }

  @Override
  public FlinkCluster getPrimaryResource() {
    return cluster;
  }

  @Override
  public ResourceOperations<FlinkCluster> resourceOperations() {
    return new Operations(this);
  }

  /** Nothing else of it is asked. */
  @SuppressWarnings("unchecked")
  private static final ControllerConfiguration<FlinkCluster> CONFIGURATION =
      (ControllerConfiguration<FlinkCluster>)
          Proxy.newProxyInstance(
              PassContext.class.getClassLoader(),
              new Class<?>[] {ControllerConfiguration.class},
              (proxy, method, args) -> {
                if (method.getName().equals("fieldManager")) {
                  return "flinkcluster-operator";
                }
                throw new UnsupportedOperationException(method.getName());
              });

  private static final class Operations extends ResourceOperations<FlinkCluster> {
    private final Context<FlinkCluster> context;

    Operations(Context<FlinkCluster> context) {
      super(context);
      this.context = context;
    }

    @Override
    public <R extends HasMetadata> R resourcePatch(R object, UnaryOperator<R> patch) {
      return patch.apply(object);
    }

    @Override
    public FlinkCluster serverSideApplyPrimaryStatus(FlinkCluster object) {
      return context.getClient().resource(object).subresource("status").patch(STATUS);
    }

    private static final PatchContext STATUS =
        new PatchContext.Builder()
            .withForce(true)
            .withFieldManager("flinkcluster-status")
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .build();
  }

  @Override
  public EventSourceRetriever<FlinkCluster> eventSourceRetriever() {
    return new EventSourceRetriever<>() {
      @Override
      public <R> EventSource<R, FlinkCluster> getEventSourceFor(Class<R> kind, String name) {
        throw new UnsupportedOperationException();
      }

      @Override
      public <R> List<EventSource<R, FlinkCluster>> getEventSourcesFor(Class<R> kind) {
        return List.of();
      }

      @Override
      public ControllerEventSource<FlinkCluster> getControllerEventSource() {
        throw new UnsupportedOperationException();
      }

      @Override
      public <R> EventSource<R, FlinkCluster> dynamicallyRegisterEventSource(
          EventSource<R, FlinkCluster> source) {
        throw new UnsupportedOperationException();
      }

      @Override
      public <R> Optional<EventSource<R, FlinkCluster>> dynamicallyDeRegisterEventSource(
          String name) {
        throw new UnsupportedOperationException();
      }

      @Override
      public EventSourceContext<FlinkCluster> eventSourceContextForDynamicRegistration() {
        throw new UnsupportedOperationException();
      }
    };
  }

  @Override
  public Optional<RetryInfo> getRetryInfo() {
    return Optional.empty();
  }

  @Override
  public <R> Optional<R> getSecondaryResource(Class<R> kind, String source) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ControllerConfiguration<FlinkCluster> getControllerConfiguration() {
    return CONFIGURATION;
  }

  @Override
  public ManagedWorkflowAndDependentResourceContext managedWorkflowAndDependentResourceContext() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ExecutorService getWorkflowExecutorService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public IndexedResourceCache<FlinkCluster> getPrimaryCache() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isNextReconciliationImminent() {
    return false;
  }

  @Override
  public boolean isPrimaryResourceDeleted() {
    return false;
  }

  @Override
  public boolean isPrimaryResourceFinalStateUnknown() {
    return false;
  }
}
