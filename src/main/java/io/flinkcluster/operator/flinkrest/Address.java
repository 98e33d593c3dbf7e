package io.flinkcluster.operator.flinkrest;

/**
 * Where a JobManager's REST API listens.
 *
 * @param host a DNS name, an IPv4 address or an IPv6 address without brackets
 * @param port from 1 to 65535
 */
public record Address(String host, int port) {

  /** Checks both parts: a host that could smuggle a path or a user into a URL is refused. */
  public Address {
    if (!host.matches("[A-Za-z0-9._:-]{1,253}")) {
      throw new IllegalArgumentException("not a host: " + host);
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  /** Host and port as a URL wants them: an IPv6 address gets its brackets. */
  public String authority() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
