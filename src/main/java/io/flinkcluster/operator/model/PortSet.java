package io.flinkcluster.operator.model;

/** The seven ports of a cluster, each from 6000 to 60000, all different. */
public record PortSet(
    int jobManagerRpc,
    int blob,
    int rest,
    int taskManagerRpc,
    int taskManagerData,
    int queryService,
    int metrics) {}
