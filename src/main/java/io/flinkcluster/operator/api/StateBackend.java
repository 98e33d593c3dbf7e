package io.flinkcluster.operator.api;

/** Where a running job keeps its working state. */
public enum StateBackend {
  /** On the heap of the TaskManagers. */
  HashMap,
  /** In RocksDB on the disk of the TaskManagers. */
  RocksDB
}
