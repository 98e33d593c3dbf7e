package io.flinkcluster.operator.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Chapters in which the version of Flink makes no difference that another chapter would not show:
 * of the newest they are told in every run, of an older one only with {@code -De2e.full=true},
 * which a release needs. What is left out is said at the end of the run. The class is {@link
 * Versioned}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@interface FullRunOnly {
  /** A story that is told of several versions of Flink. */
  interface Versioned {
    String NEWEST = "2.3";

    /** The one that it is told of at the moment. */
    String version();
  }
}
