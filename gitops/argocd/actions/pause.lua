-- Stops all writes of the operator for this cluster; the job goes on.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["flinkcluster.io/pause"] = "true"
return obj
