package io.flinkcluster.operator.testcluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/**
 * Every request that the API server has answered, in its own words. A watch appears when it ends,
 * not when it begins. The control plane's own requests are left out.
 */
public final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final KubernetesClient admin;

  AuditLog(Path file, KubernetesClient admin) {
    this.file = file;
    this.admin = admin;
  }

  /**
   * One answered request.
   *
   * @param user who asked; the impersonated user where there is one
   * @param verb {@code get list watch create update patch delete deletecollection}
   * @param resource plural, with the subresource after a slash: {@code flinkclusters/status}
   * @param namespace empty for cluster-scoped resources
   * @param name empty for lists and for creations
   * @param code HTTP status
   * @param at when it arrived
   */
  public record Request(
      String user,
      String userAgent,
      String verb,
      String resource,
      String namespace,
      String name,
      int code,
      Instant at) {

    /** Whether it was meant to change something. */
    public boolean writes() {
      return !List.of("get", "list", "watch").contains(verb);
    }
  }

  /** A place in the log. */
  public record Mark(long offset) {}

  /** Everything that has been answered by now lies before this mark. */
  public Mark mark() {
    String marker = "audit-mark-" + UUID.randomUUID();
    long before = size();
    admin.configMaps().inNamespace("default").withName(marker).get();
    return Awaitility.await("the audit log to hold " + marker)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> endOf(marker, before), mark -> mark.offset() >= 0);
  }

  /** Requests between the mark and now. */
  public List<Request> since(Mark mark) {
    Mark now = mark();
    var requests = new ArrayList<Request>();
    for (String line : text(mark.offset(), now.offset()).split("\n")) {
      if (!line.isBlank() && !line.contains("\"name\":\"audit-mark-")) {
        requests.add(request(line));
      }
    }
    return requests;
  }

  /**
   * Requests since the mark of one client.
   *
   * @param who its user agent, or its user name
   */
  public List<Request> requestsOf(String who, Mark since) {
    return since(since).stream()
        .filter(request -> request.userAgent().equals(who) || request.user().equals(who))
        .toList();
  }

  private static Request request(String line) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode object = event.path("objectRef");
      String subresource = object.path("subresource").asText("");
      return new Request(
          event.at("/impersonatedUser/username").asText(event.at("/user/username").asText("")),
          event.path("userAgent").asText(""),
          event.path("verb").asText(""),
          object.path("resource").asText("") + (subresource.isEmpty() ? "" : "/" + subresource),
          object.path("namespace").asText(""),
          object.path("name").asText(""),
          event.at("/responseStatus/code").asInt(),
          Instant.parse(event.path("requestReceivedTimestamp").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Mark endOf(String marker, long from) {
    String text = text(from, size());
    int at = text.indexOf(marker);
    int end = at < 0 ? -1 : text.indexOf('\n', at);
    return new Mark(
        end < 0 ? -1 : from + text.substring(0, end + 1).getBytes(StandardCharsets.UTF_8).length);
  }

  private long size() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(long from, long to) {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(to - from)];
      in.seek(from);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
