/**
 * The Kubernetes objects we want to exist. Pure. Imports {@code flinkconf}, {@code model} and
 * {@code api}.
 */
package io.flinkcluster.operator.render;
