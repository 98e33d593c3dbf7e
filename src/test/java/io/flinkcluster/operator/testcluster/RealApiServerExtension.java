package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Keeps one API server for the run and one namespace for each outermost test class. */
final class RealApiServerExtension implements ParameterResolver {
  private static final Namespace OURS = Namespace.create(RealApiServerExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == ApiServer.class || type == TestNamespace.class || type == KubernetesClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    ApiServer server = server(context);
    if (type == TestNamespace.class) {
      return namespace(context, server);
    }
    return type == ApiServer.class ? server : server.admin();
  }

  private static ApiServer server(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, OURS)
        .computeIfAbsent(Attempt.class, key -> Attempt.make(), Attempt.class)
        .server();
  }

  /** One attempt for the whole run: what failed once is not tried again for each test. */
  private record Attempt(Optional<ApiServer> started, Optional<RuntimeException> failure)
      implements AutoCloseable {
    static Attempt make() {
      try {
        return new Attempt(Optional.of(ApiServer.start()), Optional.empty());
      } catch (RuntimeException e) {
        return new Attempt(Optional.empty(), Optional.of(e));
      }
    }

    ApiServer server() {
      return started.orElseThrow(failure::orElseThrow);
    }

    @Override
    public void close() {
      started.ifPresent(ApiServer::close);
    }
  }

  private static TestNamespace namespace(ExtensionContext context, ApiServer server) {
    ExtensionContext ofClass = context;
    while (ofClass.getParent().flatMap(ExtensionContext::getTestClass).isPresent()) {
      ofClass = ofClass.getParent().orElseThrow();
    }
    String base = ofClass.getRequiredTestClass().getSimpleName();
    return ofClass
        .getStore(OURS)
        .computeIfAbsent(
            TestNamespace.class, key -> TestNamespace.create(server, base), TestNamespace.class);
  }
}
