package io.flinkcluster.operator.e2e;

import java.util.SortedSet;
import java.util.TreeSet;

/** Reads Linux's tables of sockets, {@code /proc/net/tcp} and {@code /proc/net/tcp6}. */
final class Sockets {
  private static final String LISTEN = "0A";
  private static final String LOOPBACK_4 = "0100007F";
  private static final String LOOPBACK_6 = "00000000000000000000000001000000";
  private static final String LOOPBACK_4_IN_6 = "0000000000000000FFFF00000100007F";

  private Sockets() {}

  /** Ports that are listened on at an address that others can reach. */
  static SortedSet<Integer> listening(String tables) {
    var ports = new TreeSet<Integer>();
    tables
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(row -> row.length > 3 && row[0].endsWith(":") && row[3].equals(LISTEN))
        .map(row -> row[1].split(":"))
        .filter(local -> !loopback(local[0]))
        .forEach(local -> ports.add(Integer.parseInt(local[1], 16)));
    return ports;
  }

  private static boolean loopback(String address) {
    return address.equals(LOOPBACK_4)
        || address.equals(LOOPBACK_6)
        || address.equals(LOOPBACK_4_IN_6);
  }
}
