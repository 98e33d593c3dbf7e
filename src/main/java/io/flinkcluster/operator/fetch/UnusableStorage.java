package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.model.StorageFinding;
import java.util.List;

/** Flink cannot work in its directories. */
public final class UnusableStorage extends Fault {
  private static final long serialVersionUID = 1L;

  private final transient List<StorageFinding> findings;

  UnusableStorage(List<StorageFinding> findings) {
    super(findings.get(0).text(), false, null);
    this.findings = findings;
  }

  /** Why, the worst first. */
  public List<StorageFinding> findings() {
    return findings;
  }
}
