package io.flinkcluster.operator.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the API server as it came.
 *
 * @param headers names as they came, without those of the connection
 */
record ApiRequest(String method, URI uri, Map<String, String> headers, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  Optional<String> header(String name) {
    return headers.entrySet().stream()
        .filter(e -> e.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private List<String> parts() {
    var parts = new ArrayList<>(List.of(uri.getPath().substring(1).split("/")));
    // api/v1/…, apis/GROUP/VERSION/…
    parts.subList(0, Math.min(parts.size(), parts.get(0).equals("api") ? 2 : 3)).clear();
    if (parts.size() > 2 && parts.get(0).equals("namespaces")) {
      parts.subList(0, 2).clear();
    }
    return parts;
  }

  private String part(int number) {
    return parts().size() > number ? parts().get(number) : "";
  }

  /** Of the API; empty: the core one. */
  String group() {
    String[] parts = uri.getPath().substring(1).split("/");
    return parts[0].equals("apis") && parts.length > 1 ? parts[1] : "";
  }

  /** Plural; empty: no resource. */
  String kind() {
    return part(0);
  }

  /** Empty: a list, or a create. */
  String name() {
    return part(1);
  }

  String subresource() {
    return part(2);
  }

  String namespace() {
    String[] parts = uri.getPath().split("/namespaces/");
    return parts.length > 1 ? parts[1].split("/")[0] : "";
  }

  Map<String, String> query() {
    var query = new HashMap<String, String>();
    if (uri.getRawQuery() != null) {
      for (String part : uri.getRawQuery().split("&")) {
        String[] pair = part.split("=", 2);
        String value = pair.length > 1 ? pair[1] : "";
        query.put(pair[0], URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  /** As in an audit log. */
  String verb() {
    return switch (method) {
      case "GET" -> query().containsKey("watch") ? "watch" : name().isEmpty() ? "list" : "get";
      case "POST" -> "create";
      case "PATCH" -> "patch";
      case "PUT" -> "update";
      default -> name().isEmpty() ? "deletecollection" : "delete";
    };
  }

  boolean dryRun() {
    return query().containsKey("dryRun");
  }

  /** Whether it is to change something. */
  boolean writes() {
    return !method.equals("GET") && !dryRun();
  }

  /** Of an informer, which keeps a cache: from any time, or in pages. */
  boolean fillsCache() {
    var query = query();
    return method.equals("GET")
        && (query.containsKey("resourceVersion")
            || query.containsKey("limit")
            || query.containsKey("watch"));
  }

  /** In words: verb and kind of object. */
  String what() {
    return verb()
        + " "
        + kind()
        + (subresource().isEmpty() ? "" : "/" + subresource())
        + (dryRun() ? " (dry run)" : "");
  }

  JsonNode tree() {
    return tree(body);
  }

  /** What is in a body; null where there is none. */
  static JsonNode tree(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (text.isBlank()) {
      return JSON.nullNode();
    }
    try {
      return text.stripLeading().startsWith("{") ? JSON.readTree(text) : YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
