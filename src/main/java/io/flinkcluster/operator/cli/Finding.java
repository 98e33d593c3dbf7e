package io.flinkcluster.operator.cli;

/**
 * Something that is not as it should be, or that should be known.
 *
 * @param level how bad it is
 * @param area what it is about: operator, spec, state, storage, identity, network, versions, pods
 * @param about the object it is about
 * @param what what is the case
 * @param remedy what to do
 */
record Finding(Level level, String area, String about, String what, String remedy) {
  /** How bad it is. */
  enum Level {
    /** It does not work, or state is in danger. */
    ERROR,
    /** It works, and is probably not meant. */
    WARNING,
    /** Good to know. */
    INFO
  }
}
