package io.flinkcluster.operator.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A chapter that is to see something soon: while it is told, no other story takes the operator or
 * the room of the node from it. JUnit's own locks would be held by a whole parameterized class.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Undisturbed {}
