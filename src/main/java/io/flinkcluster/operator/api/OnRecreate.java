package io.flinkcluster.operator.api;

/** What a new resource does with the state that a deleted one of its name left behind. */
public enum OnRecreate {
  /** It starts nothing and asks which state is meant. */
  Refuse,
  /** It continues from that state. */
  Continue
}
